fn main() {
    let p = std::env::args().nth(1).unwrap();
    let b = adit_symbols::Binary::open(std::path::Path::new(&p)).unwrap();
    let (b, refused) = b.with_separate(&[]);
    println!("{refused:?}");
    let d = b.dwarf().unwrap();
    println!("{:?}", d.split_links());
    for f in d.foreign_functions() {
        println!("{f:?}");
    }
    println!("{:#?}", d.type_names());
    for a in std::env::args().skip(2) {
        let a = adit_symbols::FileAddr(u64::from_str_radix(&a, 16).unwrap());
        println!("{:#?}", d.function_at(a));
    }
}
