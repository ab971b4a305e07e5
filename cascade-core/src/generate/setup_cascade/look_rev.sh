if command -v cascade >/dev/null && cascade version --require "$CASCADE_VERSION" --rev "$CASCADE_REV" 2>/dev/null; then
  echo installed=true >> "$GITHUB_OUTPUT"
else
  echo installed=false >> "$GITHUB_OUTPUT"
fi
