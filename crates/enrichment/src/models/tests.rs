use proptest::prelude::*;

use super::*;

#[test]
fn models_are_the_same_after_writing_and_reading() {
    for models in [Models::silent(), Models::shipped().clone()] {
        let bytes = models.write();
        let read = Models::read(&bytes).expect("what was written is read");
        assert_eq!(read.manifest(), models.manifest());
        assert_eq!(read.rules, models.rules);
        assert!(read.write() == bytes, "the bytes differ");
    }
}

#[test]
fn the_shipped_models_are_whole_and_small() {
    let models = Models::shipped();
    assert_ne!(models.version(), "none");
    assert!(models.write().len() < 20_000_000);
    assert!(models.manifest().sources.iter().all(|source| source.sha256.len() == 64 && !source.licence.is_empty()));
    assert!(models.manifest().sources.iter().all(|source| !source.file.contains("airline")));
}

#[test]
fn a_damaged_file_is_told_from_a_foreign_one() {
    let bytes = Models::silent().write();
    let read = |bytes: &[u8]| Models::read(bytes).map(|_| ()).map_err(|error| error.to_string());
    let mut changed = bytes.clone();
    *changed.last_mut().expect("not empty") ^= 1;
    let mut newer = bytes.clone();
    newer[8] = 9;
    assert_eq!(
        [read(b"PK"), read(&newer), read(&bytes[..12]), read(&changed)],
        [
            Err("not a model file; `molva train` writes one".to_owned()),
            Err("a model file of format 9, this program reads 1; train it anew".to_owned()),
            Err("the model file is damaged (cut short); train it anew or fetch it again".to_owned()),
            Err("the model file is damaged (the checksum is wrong); train it anew or fetch it again".to_owned()),
        ]
    );
}

#[test]
fn a_weight_survives_as_a_byte_to_within_a_hundredth_of_the_largest() {
    let weights = [0.5_f32, -0.25, 0.0, 0.01, 1.0, -1.0, 7.0, 7.5];
    let table = Table::of(&weights, 2, 1);
    let back: Vec<f32> = (0..2)
        .flat_map(|row| {
            [
                table.weight(row << (crate::features::ROW_BITS - 1), 0),
                table.weight(row << (crate::features::ROW_BITS - 1), 1),
            ]
        })
        .collect();
    for (back, weight) in back.iter().zip(&weights) {
        assert!((back - weight).abs() < 0.01, "{back} {weight}");
    }
    assert_eq!(table.tail, [1.0, -1.0, 7.0, 7.5]);
}

proptest! {
    #[test]
    fn no_bytes_make_reading_models_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut behind = b"MOLVAENR\x01\0\0\0".to_vec();
        behind.extend_from_slice(&bytes);
        prop_assert!(Models::read(&bytes).is_err());
        prop_assert!(Models::read(&behind).is_err());
    }

    #[test]
    fn a_changed_byte_of_a_file_is_an_error_or_changes_nothing_that_is_checked(at in 0_usize..2_000, with in any::<u8>()) {
        let mut bytes = Models::silent().write();
        let at = at % bytes.len();
        bytes[at] = with;
        if let Ok(models) = Models::read(&bytes) {
            let _ = crate::Enricher::default().judge(&models, "", "текст", None, &crate::PostSigns::default(), None);
        }
    }
}
