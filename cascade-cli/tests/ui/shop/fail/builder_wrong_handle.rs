use cascade::prelude::*;

const IMAGE: Handle<Build> = Handle::new("image");

pub fn edited(builder: Builder) -> Builder {
    builder.edit(IMAGE, |deploy: Deploy| deploy.percent(25))
}

fn main() {}
