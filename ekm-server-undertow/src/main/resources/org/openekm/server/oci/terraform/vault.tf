# SPDX-License-Identifier: Apache-2.0

locals {
  key_manager_ip = var.external_key_manager_ip != null ? var.external_key_manager_ip : local.vault_ip
  client_secret  = var.create_applications ? one(oci_identity_domains_app.client[*].client_secret) : var.client_app_secret
}

# OCI can change none of this later but names and tags. So nothing here is destroyed by a plan.
resource "oci_kms_ekms_private_endpoint" "key_manager" {
  compartment_id          = var.compartment_id
  subnet_id               = var.subnet_id
  display_name            = "OpenEKM ${local.vault_name}"
  external_key_manager_ip = local.key_manager_ip
  port                    = local.vault_port
  ca_bundle               = file("${path.module}/ca-bundle.pem")
  freeform_tags           = var.freeform_tags

  lifecycle {
    prevent_destroy = true
    precondition {
      condition     = local.key_manager_ip != null
      error_message = "Set external_key_manager_ip: the vault's URL has a name, so this is the API gateway's private address."
    }
  }
}

resource "oci_kms_vault" "external" {
  compartment_id = var.compartment_id
  display_name   = local.vault_name
  vault_type     = "EXTERNAL"
  freeform_tags  = var.freeform_tags

  external_key_manager_metadata {
    external_vault_endpoint_url = local.external_vault_url
    private_endpoint_id         = oci_kms_ekms_private_endpoint.key_manager.id

    oauth_metadata {
      client_app_id         = local.client_app_id
      client_app_secret     = local.client_secret
      idcs_account_name_url = local.domain_url
    }
  }

  lifecycle {
    prevent_destroy = true
    precondition {
      condition     = local.client_secret != null && local.domain_url != null
      error_message = "Set client_app_secret, for create_applications is false, and domain_url if the key manager doesn't know it."
    }
  }
}

# One reference for each key. What is encrypted under a key can't be read without its reference.
resource "oci_kms_key" "reference" {
  for_each = local.keys

  compartment_id      = var.compartment_id
  display_name        = each.key
  management_endpoint = oci_kms_vault.external.management_endpoint
  protection_mode     = "EXTERNAL"
  freeform_tags       = var.freeform_tags

  key_shape {
    algorithm = "AES"
    length    = each.value.length
  }

  external_key_reference {
    external_key_id = each.value.external_key_id
  }

  lifecycle {
    prevent_destroy = true
  }
}
