//! m
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
fn main() {
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    rt.block_on(async {
        let t = std::time::Instant::now();
        let w = provost_lab::hello::start(provost_lab::hello::Options { people: 100_000, ..Default::default() }).await.unwrap();
        println!("seed {:?}", t.elapsed());
        println!("{}", std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l| l.starts_with("VmRSS")).collect::<String>());
        let mut s = tokio::net::TcpStream::connect(w.address()).await.unwrap();
        let mut b = vec![0; 65536];
        let t = std::time::Instant::now();
        for i in 0..20000 {
            let r = format!("GET /api/now/users?email=user{:04}%40example.com HTTP/1.1\r\nhost: x\r\nauthorization: Basic bGFiOmxhYg==\r\n\r\n", i * 5 + 1);
            s.write_all(r.as_bytes()).await.unwrap();
            let n = s.read(&mut b).await.unwrap();
            assert!(n > 100 && b.starts_with(b"HTTP/1.1 200"));
        }
        println!("20000 in {:?}", t.elapsed());
        w.stop().await;
    });
}
