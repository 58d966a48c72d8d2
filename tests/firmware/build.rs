//! Lays a program out as the device has it.

fn main() {
    println!("cargo:rerun-if-changed=device.ld");
    println!("cargo:rustc-link-arg-bins=-Tdevice.ld");
}
