use crate::common::{CTRL, Desk, SHIFT, Window};
use egui::accesskit::Role;
use egui::{Key, Theme, vec2};

fn shot(window: &mut Window, name: &str) {
    let image = window.harness.render().expect("renders");
    std::fs::create_dir_all("/tmp/schemaui").expect("dir");
    image.save(format!("/tmp/schemaui/{name}.png")).expect("saved");
}

fn go(theme: Theme, size: egui::Vec2, tag: &str) {
    let desk = Desk::new();
    drop(crate::project::begun(&desk));
    let mut window = desk.window_of(size, theme);
    window.drop_file(desk.path("talks"));
    window.click_role(Role::Button, "Work as Anna");
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] on", 'p');
    window.press(CTRL, Key::PageDown);
    window.mark("[Bob] signed", 'p');
    window.press(CTRL, Key::S);
    window.press(CTRL | SHIFT, Key::K);
    shot(&mut window, &format!("{tag}-mention"));
    window.click_button("Event type: Consult");
    shot(&mut window, &format!("{tag}-event"));
    window.click_button("Change Consult");
    shot(&mut window, &format!("{tag}-menu"));
    window.key(Key::Escape);
    window.click_button("All quotes");
    shot(&mut window, &format!("{tag}-quotes"));
    let attribute = manicule::project::default_schema().attributes[0].id.clone();
    window.click_button(&format!("Attribute: {attribute}"));
    shot(&mut window, &format!("{tag}-attribute"));
    window.click_button("Mention type: Person");
    window.click_role(Role::TextInput, "Label");
    window.press(CTRL, Key::A);
    window.type_text("Human");
    window.key(Key::Enter);
    window.click_role(Role::TextInput, "Colour as #rrggbb");
    window.press(CTRL, Key::A);
    window.type_text("#12");
    window.key(Key::Enter);
    shot(&mut window, &format!("{tag}-conflict"));
    window.press(CTRL, Key::Z);
    window.click_button("Remove: Human");
    shot(&mut window, &format!("{tag}-question"));
    window.click_last("Remove");
    window.click_button("Apply…");
    shot(&mut window, &format!("{tag}-review"));
    window.click_button("Apply");
    shot(&mut window, &format!("{tag}-applied"));
}

#[test]
fn look_light_wide() {
    go(Theme::Light, vec2(1440.0, 900.0), "light-wide");
}
#[test]
fn look_dark_wide() {
    go(Theme::Dark, vec2(1440.0, 900.0), "dark-wide");
}
#[test]
fn look_light_narrow() {
    go(Theme::Light, vec2(1000.0, 700.0), "light-narrow");
}
#[test]
fn look_dark_narrow() {
    go(Theme::Dark, vec2(1000.0, 700.0), "dark-narrow");
}
