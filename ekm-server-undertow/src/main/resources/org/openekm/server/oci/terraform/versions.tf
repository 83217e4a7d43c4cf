# SPDX-License-Identifier: Apache-2.0

terraform {
  # Conditions on resources need 1.3; external vaults need 5.15.0 of the provider.
  required_version = ">= 1.3.0"

  required_providers {
    oci = {
      source  = "oracle/oci"
      version = ">= 5.15.0"
    }
  }
}

# Who you are is taken from ~/.oci/config or from the environment.
provider "oci" {
  region = var.region
}
