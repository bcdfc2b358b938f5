fn main() {
    println!("waits for messages");
}
