# SPDX-License-Identifier: Apache-2.0

variable "region" {
  description = "The region of the vault, such as eu-frankfurt-1."
  type        = string
}

variable "compartment_id" {
  description = "OCID of the compartment for private endpoint, vault, key references and policies."
  type        = string
}

variable "subnet_id" {
  description = "OCID of the private subnet from which OCI reaches the key manager or the API gateway."
  type        = string
}

variable "domain_url" {
  description = "URL of the identity domain, such as https://idcs-x.identity.oraclecloud.com:443. Null: the one that the key manager believes."
  type        = string
  default     = null
}

variable "external_key_manager_ip" {
  description = "IP address that the private endpoint connects to. Null: the one in the vault's URL. Needed if that has a name: then the API gateway's private address."
  type        = string
  default     = null
}

variable "create_applications" {
  description = "Makes the two applications of the identity domain. False if they are there already; then give client_app_secret."
  type        = bool
  default     = true
}

variable "client_app_secret" {
  description = "Secret of the client application, if it is there already. Best given as TF_VAR_client_app_secret."
  type        = string
  default     = null
  sensitive   = true
}

variable "services" {
  description = "Services that may use the keys, such as blockstorage. Empty: Object Storage in this region."
  type        = list(string)
  default     = []
}

variable "admin_group" {
  description = "Group that may manage private endpoint, vault and key references, such as 'Default'/'key-admins'. Null: no policy for anybody."
  type        = string
  default     = null
}

variable "bucket_name" {
  description = "Name of a bucket to make under the first key, to try it all. Null: none."
  type        = string
  default     = null
}

variable "freeform_tags" {
  description = "Tags for everything that can have some."
  type        = map(string)
  default     = {}
}
