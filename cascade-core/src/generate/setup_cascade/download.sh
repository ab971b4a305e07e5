fail() { echo "::error title=Set up cascade::$1"; exit 1; }
platform=$(printf '%s\n' "$ARCHIVES" | sed -n "s/^$RUNNER_OS $RUNNER_ARCH //p")
[ -n "$platform" ] || fail "releases of cascade have no archive for $RUNNER_OS on $RUNNER_ARCH; build it with \`cli: { source: git }\`"
read -r target checksum <<< "$platform"
[ -n "$checksum" ] || fail "the manifest has no checksum for $target; \`cascade pin $CASCADE_VERSION\` writes them"
archive="cascade-$target.tar.gz"
mkdir -p "$RUNNER_TEMP/cascade/bin"
cd "$RUNNER_TEMP/cascade"
# The token reaches curl on its standard input: arguments can be seen by other processes.
get() {
  if [ -n "$TOKEN" ]; then
    printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" | curl --config - --fail --silent --show-error --location --retry 3 "$@"
  else
    curl --fail --silent --show-error --location --retry 3 "$@"
  fi
}
release="v$CASCADE_VERSION of $REPOSITORY"
if [ -n "$TOKEN" ]; then
  get --output release.json "$GITHUB_API_URL/repos/$REPOSITORY/releases/tags/v$CASCADE_VERSION" || fail "cannot read release $release; can the token read that repository?"
  asset=$(jq --raw-output --arg name "$archive" '.assets[] | select(.name == $name) | .url' release.json | tr -d '\r')
  [ -n "$asset" ] || fail "release $release has no file $archive"
  get --header 'Accept: application/octet-stream' --output "$archive" "$asset" || fail "cannot download $archive of release $release"
else
  get --output "$archive" "$GITHUB_SERVER_URL/$REPOSITORY/releases/download/v$CASCADE_VERSION/$archive" || fail "cannot download $archive of release $release; a private repository needs \`cli.token\`"
fi
if command -v sha256sum >/dev/null; then found=$(sha256sum "$archive"); else found=$(shasum -a 256 "$archive"); fi
found="${found%% *}"
[ "$found" = "$checksum" ] || fail "the SHA-256 of $archive of release $release is $found, and the manifest says $checksum: do not use this file, and find out who changed it"
tar -xzf "$archive"
mv "cascade-$target"/cascade* bin/
bin/cascade version --require "$CASCADE_VERSION"
echo "$RUNNER_TEMP/cascade/bin" >> "$GITHUB_PATH"
