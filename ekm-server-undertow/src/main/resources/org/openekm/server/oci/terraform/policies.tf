# SPDX-License-Identifier: Apache-2.0

locals {
  services = length(var.services) > 0 ? var.services : ["objectstorage-${var.region}"]
}

# A service uses a key only where a policy lets it.
resource "oci_identity_policy" "services" {
  compartment_id = var.compartment_id
  name           = "openekm-${local.policy_suffix}-services"
  description    = "Lets services use the external keys of ${local.vault_name}."
  statements = [
    for service in local.services : "Allow service ${service} to use keys in compartment id ${var.compartment_id}"
  ]
  freeform_tags = var.freeform_tags
}

resource "oci_identity_policy" "administrators" {
  count = var.admin_group == null ? 0 : 1

  compartment_id = var.compartment_id
  name           = "openekm-${local.policy_suffix}-administrators"
  description    = "Lets ${var.admin_group} manage what belongs to ${local.vault_name}."
  statements = [
    "Allow group ${var.admin_group} to manage ekms-private-endpoints in compartment id ${var.compartment_id}",
    "Allow group ${var.admin_group} to manage virtual-network-family in compartment id ${var.compartment_id}",
    "Allow group ${var.admin_group} to manage vaults in compartment id ${var.compartment_id}",
    "Allow group ${var.admin_group} to manage keys in compartment id ${var.compartment_id}",
    "Allow group ${var.admin_group} to use key-delegate in compartment id ${var.compartment_id}",
  ]
  freeform_tags = var.freeform_tags
}
