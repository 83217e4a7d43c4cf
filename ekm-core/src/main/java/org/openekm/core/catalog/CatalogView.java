// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

/** A snapshot, and when the store was asked whose answer said that it is the newest. Immutable. */
public final class CatalogView {

  private final CatalogSnapshot snapshot;
  private final Question confirmed;

  /** When a query was sent, and how many commits without a known outcome there were then. */
  record Question(long sentAt, long doubts) {}

  CatalogView(CatalogSnapshot snapshot, Question confirmed) {
    this.snapshot = snapshot;
    this.confirmed = confirmed;
  }

  /** Returns the snapshot. */
  public CatalogSnapshot snapshot() {
    return snapshot;
  }

  Question confirmed() {
    return confirmed;
  }
}
