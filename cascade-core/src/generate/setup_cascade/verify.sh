cd "$RUNNER_TEMP/cascade/bin"
# The folder goes on the path: another file in it would run in the place of git or bash.
shopt -s dotglob nullglob
files=(*)
if [ "${#files[@]}" != 1 ]; then
  echo "::error title=Set up cascade::the fetched artifact has ${#files[@]} files, and cascade is one: something replaced the artifact"
  exit 1
fi
if command -v sha256sum >/dev/null; then sum=$(sha256sum cascade*); else sum=$(shasum -a 256 cascade*); fi
if [ "${sum%% *}" != "$CHECKSUM" ]; then
  echo "::error title=Set up cascade::the SHA-256 of the fetched cascade is ${sum%% *}, and the job that built it put out $CHECKSUM: something replaced the artifact"
  exit 1
fi
chmod +x cascade*
