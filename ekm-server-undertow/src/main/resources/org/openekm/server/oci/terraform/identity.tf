# SPDX-License-Identifier: Apache-2.0

locals {
  domain_url = var.domain_url != null ? var.domain_url : local.known_domain_url
}

# Stands for the key manager: it owns the audience and the scope. With its credentials the key
# manager reads the domain's signing keys if these are protected.
resource "oci_identity_domains_app" "resource" {
  count = var.create_applications ? 1 : 0

  idcs_endpoint     = local.domain_url
  schemas           = ["urn:ietf:params:scim:schemas:oracle:idcs:App"]
  display_name      = "OpenEKM ${local.vault_name} resource"
  description       = "The external key manager behind the vault ${local.vault_name}."
  name              = local.resource_app_id
  active            = true
  is_oauth_resource = true
  is_oauth_client   = true
  client_type       = "confidential"
  allowed_grants    = ["client_credentials"]
  audience          = local.audience

  based_on_template {
    value = "CustomWebAppTemplateId"
  }

  dynamic "scopes" {
    for_each = local.scopes
    content {
      value            = scopes.value
      description      = "Use of external keys"
      requires_consent = false
    }
  }

  lifecycle {
    precondition {
      condition     = local.domain_url != null
      error_message = "Set domain_url: the key manager knows the signing keys' URL only, not the domain's."
    }
  }
}

# Stands for OCI: its tokens are the only ones that the key manager lets in.
resource "oci_identity_domains_app" "client" {
  count = var.create_applications ? 1 : 0

  idcs_endpoint   = local.domain_url
  schemas         = ["urn:ietf:params:scim:schemas:oracle:idcs:App"]
  display_name    = "OpenEKM ${local.vault_name} client"
  description     = "OCI, as the external key manager sees it, for the vault ${local.vault_name}."
  name            = local.client_app_id
  active          = true
  is_oauth_client = true
  client_type     = "confidential"
  allowed_grants  = ["client_credentials"]
  trust_scope     = "Explicit"

  based_on_template {
    value = "CustomWebAppTemplateId"
  }

  dynamic "allowed_scopes" {
    for_each = local.scopes
    content {
      fqs = "${local.audience}${allowed_scopes.value}"
    }
  }

  depends_on = [oci_identity_domains_app.resource]

  lifecycle {
    precondition {
      condition     = can(regex("^[A-Za-z0-9_]+$", local.client_app_id))
      error_message = "A chosen client id may hold letters, digits and underscores only. Make the vault anew with such a --client-id, or set create_applications to false."
    }
    postcondition {
      condition     = self.name == local.client_app_id
      error_message = "The domain gave the client application another id. Remove the vault from the key manager, add it with this id, and write this folder anew."
    }
  }
}
