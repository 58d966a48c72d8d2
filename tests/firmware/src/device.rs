//! How the device starts, speaks and ends. All unsafe code is here: no safe Rust reaches a debugger, the
//! linker's symbols, or a stack that nobody owns.

use core::arch::{asm, global_asm};
use core::hint::spin_loop;
use core::panic::PanicInfo;
use core::ptr;

/// What the stack is painted with, to see later how far down it was used.
const PAINT: u32 = 0xa5c3_5a3c;

// In assembly, because the paint covers the stack that compiled code would stand on.
global_asm!(
    ".section .text.reset, \"ax\"",
    ".global reset",
    ".thumb_func",
    "reset:",
    "ldr r0, =__stack_low",
    "ldr r1, ={paint}",
    "0: str r1, [r0], #4",
    "cmp r0, sp",
    "blo 0b",
    "bl main",
    ".global fault",
    ".thumb_func",
    "fault:",
    "b {fault}",
    ".ltorg",
    paint = const PAINT,
    fault = sym fault,
);

extern "C" {
    static __flash_size: u8;
    static __stack_low: u32;
    static __stack_top: u32;
}

extern "C" fn fault() -> ! {
    print("a fault\n");
    exit(false)
}

/// No program links that could come here.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    extern "C" {
        fn a_panic_is_in_the_program() -> !;
    }
    // SAFETY: the linker has seen to it that this is not reached.
    unsafe { a_panic_is_in_the_program() }
}

/// The bytes of vectors, code and constants. The program has no variables in RAM to be copied there.
#[must_use]
pub fn flash() -> usize {
    (&raw const __flash_size).addr()
}

/// The most bytes of stack that were in use at once so far.
#[must_use]
pub fn stack() -> usize {
    let (mut low, top) = (&raw const __stack_low, &raw const __stack_top);
    // SAFETY: aligned words of RAM, and the scan ends at the latest in this function's own frame.
    while unsafe { ptr::read_volatile(low) } == PAINT {
        low = low.wrapping_add(1);
    }
    top.addr() - low.addr()
}

/// Arm's semihosting: what a program asks of the debugger, here QEMU.
#[derive(Clone, Copy)]
enum Call {
    WriteC = 0x03,
    Exit = 0x18,
}

fn semihosting(call: Call, argument: *const u8) {
    // SAFETY: QEMU reads one byte at `argument`, or takes it for a number, and changes `r0` alone.
    unsafe {
        asm!("bkpt 0xab", inout("r0") call as usize => _, in("r1") argument, options(nostack));
    }
}

pub fn print(text: &str) {
    for byte in text.as_bytes() {
        semihosting(Call::WriteC, byte);
    }
}

/// Ends QEMU, with exit status 0 if `passed`, and 1 if not.
pub fn exit(passed: bool) -> ! {
    let (application_exit, run_time_error) = (0x20026, 0x20023);
    let why = if passed {
        application_exit
    } else {
        run_time_error
    };
    semihosting(Call::Exit, ptr::without_provenance(why));
    loop {
        spin_loop();
    }
}
