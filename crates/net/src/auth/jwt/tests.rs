//! Signatures are checked by the library's other half; keys are made for each run, so that
//! none stands in the project.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;

use super::*;

fn pem(label: &str, der: &[u8]) -> Secret {
    use base64::engine::general_purpose::STANDARD;
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der)).into()
}

fn parts(token: &str) -> (Value, Value, String, Vec<u8>) {
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("{token}") };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).expect("base64url");
    let value = |part: &str| serde_json::from_slice(&decoded(part)).expect("JSON");
    (value(header), value(claims), format!("{header}.{claims}"), decoded(signature))
}

#[test]
fn rsa_and_p256_sign_what_others_can_check() {
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).expect("a key");
    let rsa = rsa::KeyPair::as_der(&rsa).map(|der: Pkcs8V1Der| der.as_ref().to_vec()).expect("DER");
    let ecdsa = EcdsaKeyPair::generate(&signature::ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
    let ecdsa = ecdsa.to_pkcs8v1().expect("DER").as_ref().to_vec();
    let cases: [(&[u8], &str, &dyn signature::VerificationAlgorithm); 2] = [
        (&rsa, "RS256", &signature::RSA_PKCS1_2048_8192_SHA256),
        (&ecdsa, "ES256", &signature::ECDSA_P256_SHA256_FIXED),
    ];
    for (der, algorithm, check) in cases {
        let pem = pem("PRIVATE KEY", der);
        let key = SigningKey::from_pem(&pem, Some("k1".to_owned())).expect(algorithm);
        let written = pem.expose_secret().replace('\n', "\\n");
        for one_line in [written.clone(), format!("\"{written}\""), written.replace("\\n", "\\r\\n")] {
            assert!(SigningKey::from_pem(&one_line.into(), None).is_ok(), "{algorithm}");
        }
        let (header, claims, signed, signature) = parts(&key.sign(&json!({"iss": "a"})).expect("signed"));
        assert_eq!(header, json!({"alg": algorithm, "typ": "JWT", "kid": "k1"}));
        assert_eq!(claims, json!({"iss": "a"}));
        let public = signature::UnparsedPublicKey::new(check, key.public_key());
        public.verify(signed.as_bytes(), &signature).expect(algorithm);
    }
}

#[test]
fn what_is_no_key_is_refused_without_showing_it() {
    let broken = pem("PRIVATE KEY", b"hunter22 is no key");
    for (text, expected) in [
        (Secret::from("hunter22"), KeyError::Pem),
        (pem("CERTIFICATE", b"hunter22"), KeyError::Pem),
        (broken, KeyError::Kind),
    ] {
        let error = SigningKey::from_pem(&text, None).err().expect("no key");
        assert_eq!(error, expected);
        assert!(!error.to_string().contains("hunter22"));
    }
}
