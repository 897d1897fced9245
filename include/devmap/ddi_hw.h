/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What <sys/sunddi.h> has for drivers only, second part: register sets, access
 * to them, configuration space.
 *
 * Functions are exported under names of the layer's own, and renamed here.
 */
#ifndef _DEVMAP_DDI_HW_H
#define _DEVMAP_DDI_HW_H

#include <sys/types.h>
#include <sys/dditypes.h>

/* What ddi_regs_map_setup(9F) returns besides DDI_SUCCESS and DDI_FAILURE. */
#define DDI_ME_GENERIC		(-1)
#define DDI_ME_UNIMPLEMENTED	(-2)
#define DDI_ME_NORESOURCES	(-3)
#define DDI_ME_UNSUPPORTED	(-4)
#define DDI_ME_REGSPEC_RANGE	(-5)
#define DDI_ME_RNUMBER_RANGE	(-6)
#define DDI_ME_INVAL		(-7)
#define DDI_REGS_ACC_CONFLICT	(-10)

/* flags of ddi_rep_get8(9F) */
#define DDI_DEV_NO_AUTOINCR	0x0000
#define DDI_DEV_AUTOINCR	0x0001

/* ddi_dev_nregs(9F), ddi_dev_regsize(9F) */
#define ddi_dev_nregs		devmap_ddi_dev_nregs
#define ddi_dev_regsize		devmap_ddi_dev_regsize
int ddi_dev_nregs(dev_info_t *dip, int *resultp);
int ddi_dev_regsize(dev_info_t *dip, uint_t rnumber, off_t *resultp);

/* ddi_regs_map_setup(9F), ddi_regs_map_free(9F) */
#define ddi_regs_map_setup	devmap_ddi_regs_map_setup
#define ddi_regs_map_free	devmap_ddi_regs_map_free
int ddi_regs_map_setup(dev_info_t *dip, uint_t rnumber, caddr_t *addrp,
		       offset_t offset, offset_t len,
		       const ddi_device_acc_attr_t *accattrp,
		       ddi_acc_handle_t *handlep);
void ddi_regs_map_free(ddi_acc_handle_t *handlep);

/* ddi_map_regs(9F), ddi_unmap_regs(9F): memory only */
#define ddi_map_regs		devmap_ddi_map_regs
#define ddi_unmap_regs		devmap_ddi_unmap_regs
int ddi_map_regs(dev_info_t *dip, uint_t rnumber, caddr_t *kaddrp, off_t offset,
		 off_t len);
void ddi_unmap_regs(dev_info_t *dip, uint_t rnumber, caddr_t *kaddrp,
		    off_t offset, off_t len);

/* ddi_check_acc_handle(9F) */
#define ddi_check_acc_handle	devmap_ddi_check_acc_handle
int ddi_check_acc_handle(ddi_acc_handle_t handle);

/* ddi_get8(9F), ddi_put8(9F) */
#define ddi_get8		devmap_ddi_get8
#define ddi_get16		devmap_ddi_get16
#define ddi_get32		devmap_ddi_get32
#define ddi_get64		devmap_ddi_get64
#define ddi_put8		devmap_ddi_put8
#define ddi_put16		devmap_ddi_put16
#define ddi_put32		devmap_ddi_put32
#define ddi_put64		devmap_ddi_put64
u8 ddi_get8(ddi_acc_handle_t handle, u8 *dev_addr);
u16 ddi_get16(ddi_acc_handle_t handle, u16 *dev_addr);
u32 ddi_get32(ddi_acc_handle_t handle, u32 *dev_addr);
u64 ddi_get64(ddi_acc_handle_t handle, u64 *dev_addr);
void ddi_put8(ddi_acc_handle_t handle, u8 *dev_addr, u8 value);
void ddi_put16(ddi_acc_handle_t handle, u16 *dev_addr, u16 value);
void ddi_put32(ddi_acc_handle_t handle, u32 *dev_addr, u32 value);
void ddi_put64(ddi_acc_handle_t handle, u64 *dev_addr, u64 value);

#define ddi_rep_get8		devmap_ddi_rep_get8
#define ddi_rep_get16		devmap_ddi_rep_get16
#define ddi_rep_get32		devmap_ddi_rep_get32
#define ddi_rep_get64		devmap_ddi_rep_get64
#define ddi_rep_put8		devmap_ddi_rep_put8
#define ddi_rep_put16		devmap_ddi_rep_put16
#define ddi_rep_put32		devmap_ddi_rep_put32
#define ddi_rep_put64		devmap_ddi_rep_put64
void ddi_rep_get8(ddi_acc_handle_t handle, u8 *host_addr, u8 *dev_addr,
		  size_t repcount, uint_t flags);
void ddi_rep_get16(ddi_acc_handle_t handle, u16 *host_addr, u16 *dev_addr,
		   size_t repcount, uint_t flags);
void ddi_rep_get32(ddi_acc_handle_t handle, u32 *host_addr, u32 *dev_addr,
		   size_t repcount, uint_t flags);
void ddi_rep_get64(ddi_acc_handle_t handle, u64 *host_addr, u64 *dev_addr,
		   size_t repcount, uint_t flags);
void ddi_rep_put8(ddi_acc_handle_t handle, u8 *host_addr, u8 *dev_addr,
		  size_t repcount, uint_t flags);
void ddi_rep_put16(ddi_acc_handle_t handle, u16 *host_addr, u16 *dev_addr,
		   size_t repcount, uint_t flags);
void ddi_rep_put32(ddi_acc_handle_t handle, u32 *host_addr, u32 *dev_addr,
		   size_t repcount, uint_t flags);
void ddi_rep_put64(ddi_acc_handle_t handle, u64 *host_addr, u64 *dev_addr,
		   size_t repcount, uint_t flags);

/* ddi_device_copy(9F), ddi_device_zero(9F) */
#define ddi_device_copy		devmap_ddi_device_copy
#define ddi_device_zero		devmap_ddi_device_zero
int ddi_device_copy(ddi_acc_handle_t src_handle, caddr_t src_addr,
		    ssize_t src_advcnt, ddi_acc_handle_t dest_handle,
		    caddr_t dest_addr, ssize_t dest_advcnt, size_t bytecount,
		    uint_t dev_datasz);
int ddi_device_zero(ddi_acc_handle_t handle, caddr_t dev_addr, size_t bytecount,
		    ssize_t dev_advcnt, uint_t dev_datasz);

/*
 * ddi_mem_get8(9F), ddi_io_get8(9F): the handle knows which of the two it is.
 * Ports do not move.
 */
#define ddi_mem_get8		ddi_get8
#define ddi_mem_get16		ddi_get16
#define ddi_mem_get32		ddi_get32
#define ddi_mem_get64		ddi_get64
#define ddi_mem_put8		ddi_put8
#define ddi_mem_put16		ddi_put16
#define ddi_mem_put32		ddi_put32
#define ddi_mem_put64		ddi_put64
#define ddi_mem_rep_get8	ddi_rep_get8
#define ddi_mem_rep_get16	ddi_rep_get16
#define ddi_mem_rep_get32	ddi_rep_get32
#define ddi_mem_rep_get64	ddi_rep_get64
#define ddi_mem_rep_put8	ddi_rep_put8
#define ddi_mem_rep_put16	ddi_rep_put16
#define ddi_mem_rep_put32	ddi_rep_put32
#define ddi_mem_rep_put64	ddi_rep_put64
#define ddi_io_get8		ddi_get8
#define ddi_io_get16		ddi_get16
#define ddi_io_get32		ddi_get32
#define ddi_io_put8		ddi_put8
#define ddi_io_put16		ddi_put16
#define ddi_io_put32		ddi_put32
#define ddi_io_rep_get8(h, p, a, n)	ddi_rep_get8(h, p, a, n, 0)
#define ddi_io_rep_get16(h, p, a, n)	ddi_rep_get16(h, p, a, n, 0)
#define ddi_io_rep_get32(h, p, a, n)	ddi_rep_get32(h, p, a, n, 0)
#define ddi_io_rep_put8(h, p, a, n)	ddi_rep_put8(h, p, a, n, 0)
#define ddi_io_rep_put16(h, p, a, n)	ddi_rep_put16(h, p, a, n, 0)
#define ddi_io_rep_put32(h, p, a, n)	ddi_rep_put32(h, p, a, n, 0)

/* The names of Solaris 2.5. */
#define ddi_getb		ddi_get8
#define ddi_getw		ddi_get16
#define ddi_getl		ddi_get32
#define ddi_getll		ddi_get64
#define ddi_putb		ddi_put8
#define ddi_putw		ddi_put16
#define ddi_putl		ddi_put32
#define ddi_putll		ddi_put64
#define ddi_rep_getb		ddi_rep_get8
#define ddi_rep_getw		ddi_rep_get16
#define ddi_rep_getl		ddi_rep_get32
#define ddi_rep_getll		ddi_rep_get64
#define ddi_rep_putb		ddi_rep_put8
#define ddi_rep_putw		ddi_rep_put16
#define ddi_rep_putl		ddi_rep_put32
#define ddi_rep_putll		ddi_rep_put64

/* ddi_peek(9F), ddi_poke(9F) */
#define ddi_peek8		devmap_ddi_peek8
#define ddi_peek16		devmap_ddi_peek16
#define ddi_peek32		devmap_ddi_peek32
#define ddi_peek64		devmap_ddi_peek64
#define ddi_poke8		devmap_ddi_poke8
#define ddi_poke16		devmap_ddi_poke16
#define ddi_poke32		devmap_ddi_poke32
#define ddi_poke64		devmap_ddi_poke64
int ddi_peek8(dev_info_t *dip, s8 *addr, s8 *val_p);
int ddi_peek16(dev_info_t *dip, s16 *addr, s16 *val_p);
int ddi_peek32(dev_info_t *dip, s32 *addr, s32 *val_p);
int ddi_peek64(dev_info_t *dip, s64 *addr, s64 *val_p);
int ddi_poke8(dev_info_t *dip, s8 *addr, s8 value);
int ddi_poke16(dev_info_t *dip, s16 *addr, s16 value);
int ddi_poke32(dev_info_t *dip, s32 *addr, s32 value);
int ddi_poke64(dev_info_t *dip, s64 *addr, s64 value);
#define ddi_peekc		ddi_peek8
#define ddi_peeks		ddi_peek16
#define ddi_peekl		ddi_peek32
#define ddi_peekd		ddi_peek64
#define ddi_pokec		ddi_poke8
#define ddi_pokes		ddi_poke16
#define ddi_pokel		ddi_poke32
#define ddi_poked		ddi_poke64

/* pci_config_setup(9F), pci_config_get8(9F) */
#define pci_config_setup	devmap_ddi_pci_config_setup
#define pci_config_teardown	devmap_ddi_pci_config_teardown
#define pci_config_get8		devmap_ddi_pci_config_get8
#define pci_config_get16	devmap_ddi_pci_config_get16
#define pci_config_get32	devmap_ddi_pci_config_get32
#define pci_config_get64	devmap_ddi_pci_config_get64
#define pci_config_put8		devmap_ddi_pci_config_put8
#define pci_config_put16	devmap_ddi_pci_config_put16
#define pci_config_put32	devmap_ddi_pci_config_put32
#define pci_config_put64	devmap_ddi_pci_config_put64
int pci_config_setup(dev_info_t *dip, ddi_acc_handle_t *handlep);
void pci_config_teardown(ddi_acc_handle_t *handlep);
u8 pci_config_get8(ddi_acc_handle_t handle, off_t offset);
u16 pci_config_get16(ddi_acc_handle_t handle, off_t offset);
u32 pci_config_get32(ddi_acc_handle_t handle, off_t offset);
u64 pci_config_get64(ddi_acc_handle_t handle, off_t offset);
void pci_config_put8(ddi_acc_handle_t handle, off_t offset, u8 value);
void pci_config_put16(ddi_acc_handle_t handle, off_t offset, u16 value);
void pci_config_put32(ddi_acc_handle_t handle, off_t offset, u32 value);
void pci_config_put64(ddi_acc_handle_t handle, off_t offset, u64 value);
#define pci_config_getb		pci_config_get8
#define pci_config_getw		pci_config_get16
#define pci_config_getl		pci_config_get32
#define pci_config_getll	pci_config_get64
#define pci_config_putb		pci_config_put8
#define pci_config_putw		pci_config_put16
#define pci_config_putl		pci_config_put32
#define pci_config_putll	pci_config_put64

#endif /* _DEVMAP_DDI_HW_H */
