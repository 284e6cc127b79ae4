/* SPDX-License-Identifier: GPL-2.0-only */
#define PTE_SWP_EXCLUSIVE	(_AT(pteval_t, 1) << 2)	 /* only for swp ptes */
#define PTE_PRESENT_INVALID	(PTE_NG)		 /* only when !PTE_VALID */
#define PTE_UFFD		(_AT(pteval_t, 1) << 58) /* userfaultfd tracking */
#define PTE_UFFD		(_AT(pteval_t, 0))
