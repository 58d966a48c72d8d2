fn main() {
    retrospec_codegen::build("parcels.yaml");
}
