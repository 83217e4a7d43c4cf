# SPDX-License-Identifier: Apache-2.0

data "oci_objectstorage_namespace" "tenancy" {
  count = var.bucket_name == null ? 0 : 1
}

# To try it all: block the key, and this bucket can't be read.
resource "oci_objectstorage_bucket" "trial" {
  count = var.bucket_name == null ? 0 : 1

  compartment_id = var.compartment_id
  namespace      = data.oci_objectstorage_namespace.tenancy[0].namespace
  name           = var.bucket_name
  kms_key_id     = oci_kms_key.reference[keys(local.keys)[0]].id
  freeform_tags  = var.freeform_tags

  depends_on = [oci_identity_policy.services]
}
