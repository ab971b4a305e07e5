cargo install --path "$CRATE" --bin cascade --locked --features "$FEATURES" --root "$RUNNER_TEMP/cascade" --no-track --force
cd "$RUNNER_TEMP/cascade/bin"
if command -v sha256sum >/dev/null; then sum=$(sha256sum cascade*); else sum=$(shasum -a 256 cascade*); fi
echo "sha256=${sum%% *}" >> "$GITHUB_OUTPUT"
