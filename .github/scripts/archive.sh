#!/usr/bin/env bash
# Builds cascade for a target and packs it with completions, man pages and licence:
# VERSION=v0.1.0-rc.0 archive.sh x86_64-unknown-linux-musl
set -euo pipefail
target=$1
name="cascade-$target"
metadata=$(cargo metadata --format-version 1 --no-deps)
own=$(jq --raw-output '.packages[] | select(.name == "cascade-cli") | .version' <<< "$metadata" | tr -d '\r')
core=${VERSION#v}
core=${core%%-*}
if [ "$own" != "$core" ]; then
  echo "::error title=Version::Cargo.toml says $own, and this build may be released as $core: set the workspace's version to $core"
  exit 1
fi
rustup target add "$target"
cargo build --locked --release --package cascade-cli --features png --bin cascade --target "$target"
built=$(jq --raw-output .target_directory <<< "$metadata" | tr -d '\r')/$target/release
rm -rf "$name"
mkdir -p "$name/completions"
case "$target" in
  *-windows-*) program=cascade.exe ;;
  *) program=cascade ;;
esac
cp "$built/$program" "$name/$program"
# What `cascade rehearse` starts, which needs the links and scripts of a Unix.
if [ "$program" = cascade ]; then
  cargo build --locked --release --package e2e --bin cascade-rehearse --target "$target"
  cp "$built/cascade-rehearse" "$name/cascade-rehearse"
fi
cp LICENSE README.md "$name"
cp cascade-cli/fonts/LICENSE "$name/LICENSE-fonts"
"$name/$program" completions bash > "$name/completions/cascade.bash"
"$name/$program" completions fish > "$name/completions/cascade.fish"
"$name/$program" completions zsh > "$name/completions/_cascade"
"$name/$program" completions powershell > "$name/completions/cascade.ps1"
"$name/$program" man "$name/man"
tar -czf "$name.tar.gz" "$name"
