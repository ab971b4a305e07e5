//! The package being compiled decides, not the crate that a macro was written in.
mod named {
    alien::delivery!(Shop);
}
mod nameless {
    alien::nameless!();
}
mod rooted {
    use cascade::prelude::*;
    alien::within! {
        pub struct Shop {
            #[deploy(workflow = ".github/workflows/deploy-api.yaml")]
            api: Deploy,
        }
    }
}
#[path = "../../../alien/shared.rs"]
mod moved;
mod included {
    include!("../../../alien/shared.rs");
}

fn main() {
    assert_eq!(moved::Shared::default().api().name(), "api");
    assert_eq!(included::Shared::default().api().name(), "api");
    assert_eq!(named::Shop::default().api().name(), "api");
    assert_eq!(nameless::Nameless::default().api().name(), "api");
    assert_eq!(rooted::Shop::default().api().name(), "api");
}
