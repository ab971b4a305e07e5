use cascade::prelude::*;

#[pipeline(trunk_branch = "main", environments(dev, prod), dispatch_inputs(
    i0(default = "x"),
    i1(default = "x"),
    i2(default = "x"),
    i3(default = "x"),
    i4(default = "x"),
    i5(default = "x"),
    i6(default = "x"),
    i7(default = "x"),
    i8(default = "x"),
    i9(default = "x"),
    i10(default = "x"),
    i11(default = "x"),
    i12(default = "x"),
    i13(default = "x"),
    i14(default = "x"),
    i15(default = "x"),
    i16(default = "x"),
    i17(default = "x"),
    i18(default = "x"),
    i19(default = "x"),
    i20(default = "x"),
    i21(default = "x"),
    i22(default = "x"),
    i23(default = "x"),
    i24(default = "x"),
    i25(default = "x"),
))]
pub struct Shop {
}

fn main() {}
