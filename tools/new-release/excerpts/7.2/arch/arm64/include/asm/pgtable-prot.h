/* SPDX-License-Identifier: GPL-2.0-only */
#define PTE_SWP_EXCLUSIVE	(_AT(pteval_t, 1) << 2)	 /* only for swp ptes */
#define PTE_PRESENT_INVALID	(PTE_NG)		 /* only when !PTE_VALID */
#define PTE_UFFD_WP		(_AT(pteval_t, 1) << 58) /* uffd-wp tracking */
#define PTE_UFFD_WP		(_AT(pteval_t, 0))
