// SPDX-License-Identifier: Apache-2.0
/** What the benchmark of the whole server is compared with. */
package org.openekm.docs.bench;
