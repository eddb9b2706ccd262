use super::asked::id;

#[test]
fn ids_are_read_out_of_addresses() {
    let video = |text: &str| id(text, "videos", 11).map_err(|error| error.code());
    for text in [
        "dQw4w9WgXcQ",
        "https://youtu.be/dQw4w9WgXcQ?si=x",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=4",
        "youtube.com/shorts/dQw4w9WgXcQ",
    ] {
        assert_eq!(video(text), Ok("dQw4w9WgXcQ".to_owned()), "{text}");
    }
    let channel = |text: &str| id(text, "channels", 24).map_err(|error| error.code());
    let own = "UC_x5XG1OV2P6uZZ5FSM9Ttw";
    assert_eq!(channel(&format!("https://www.youtube.com/channel/{own}/videos")), Ok(own.to_owned()));
    assert_eq!((channel("@GoogleDevelopers"), video("")), (Err("invalid_setting"), Err("invalid_setting")));
}
