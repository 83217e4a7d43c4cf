// SPDX-License-Identifier: Apache-2.0
/** The samples of the documentation: what a vendor writes, compiled and run. */
package org.openekm.docs.samples;
