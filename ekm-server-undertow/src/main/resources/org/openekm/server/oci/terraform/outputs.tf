# SPDX-License-Identifier: Apache-2.0

output "vault_id" {
  description = "OCID of the vault, to choose in a service."
  value       = oci_kms_vault.external.id
}

output "key_ids" {
  description = "OCIDs of the key references, by the key manager's names."
  value       = { for name, key in oci_kms_key.reference : name => key.id }
}

output "private_endpoint_ip" {
  description = "The address that calls come from: let it through the firewall before the key manager."
  value       = oci_kms_ekms_private_endpoint.key_manager.private_endpoint_ip
}

output "resource_app_id" {
  description = "Client id of the resource application: ekm issuer add --client-id."
  value       = one(oci_identity_domains_app.resource[*].name)
}

output "resource_app_secret" {
  description = "Its secret, for the file that ekm issuer add --client-secret names."
  value       = one(oci_identity_domains_app.resource[*].client_secret)
  sensitive   = true
}
