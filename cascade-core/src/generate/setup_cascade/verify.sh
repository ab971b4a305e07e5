cd "$RUNNER_TEMP/cascade/bin"
if command -v sha256sum >/dev/null; then sum=$(sha256sum cascade*); else sum=$(shasum -a 256 cascade*); fi
if [ "${sum%% *}" != "$CHECKSUM" ]; then
  echo "::error title=Set up cascade::the SHA-256 of the fetched cascade is ${sum%% *}, and the job that built it put out $CHECKSUM: something replaced the artifact"
  exit 1
fi
chmod +x cascade*
