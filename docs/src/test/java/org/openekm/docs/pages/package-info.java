// SPDX-License-Identifier: Apache-2.0
/** Compares the pages of the documentation with the product that they describe. */
package org.openekm.docs.pages;
