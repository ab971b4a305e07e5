if [ -n "$TOKEN" ]; then
  # The token reaches git in its environment: arguments can be seen by other processes.
  basic=$(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')
  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0="http.$URL.extraheader" GIT_CONFIG_VALUE_0="AUTHORIZATION: basic $basic"
fi
git init --quiet "$RUNNER_TEMP/cascade-source"
cd "$RUNNER_TEMP/cascade-source"
if ! git fetch --quiet --depth 1 "$URL" "$REV"; then
  echo "::error title=Set up cascade::cannot fetch commit $REV of $URL; is it pushed, and can the token read that repository?"
  exit 1
fi
git checkout --quiet --detach FETCH_HEAD
