// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/**
 * Where a key or a key version stands in its life. Being blocked is a flag of its own, independent
 * of the state: a key serves requests only while it is {@link #ACTIVE} and neither it nor its vault
 * is blocked.
 */
public enum KeyState {
  /** Made, but not yet released for use. */
  PRE_ACTIVE,
  /** In use. */
  ACTIVE,
  /** Taken out of use by an operator; can be enabled again. */
  DISABLED,
  /** Will be destroyed when its waiting period ends; can be cancelled until then. */
  PENDING_DELETION,
  /** The key material is gone for good. */
  DESTROYED
}
