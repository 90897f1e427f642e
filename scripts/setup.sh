# What ./run, ./test and scripts/upgrade share: system packages, the virtual environment, the .env file.
# Sourced with bash from the root of the project. Quick when nothing is missing.

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

need_python() {
  command -v python3 > /dev/null || stop "Effets needs python3 (3.11 or later): install it, then try again."
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || stop "Effets needs Python 3.11 or later; python3 here is $(python3 -V)."
}

# Installs Debian packages that are missing, saying so; without the right to, says which to ask for.
need_packages() {
  command -v dpkg-query > /dev/null || { say "Not Debian: see that you have the equivalents of: $*"; return; }
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo > /dev/null && sudo -n true 2> /dev/null; then
      as_root=(sudo)
    else
      stop "These Debian packages are missing and you may not install them: ${missing[*]}
Ask an administrator of this machine for:

  apt-get install ${missing[*]}

then try again. Nothing else is needed from them."
    fi
  fi
  say "Installing Debian packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

# Creates .venv from hashed requirements, again whenever they change.
need_venv() {
  local requirements=$1 stamp
  stamp="$(python3 -V) $(sha256sum "$requirements")"
  [ -x .venv/bin/python ] && [ "$(cat ".venv/$requirements.stamp" 2> /dev/null)" = "$stamp" ] && return
  say "Installing Python packages ($requirements) in .venv"
  [ -x .venv/bin/python ] || python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$requirements"
  printf '%s' "$stamp" > ".venv/$requirements.stamp"
}

# Which of the requirements files this machine wants: what its tests or its settings ask for.
chosen_requirements() {
  if [ -f .venv/requirements-dev.txt.stamp ]; then
    echo requirements-dev.txt
  elif [[ -n "${S3_BUCKET:-}" || "${CACHE_URL:-}" == redis* ]] || grep -Eqs '^(S3_BUCKET=.|CACHE_URL=.?redis)' .env; then
    echo requirements-several.txt
  else
    echo requirements.txt
  fi
}

need_env() {
  [ -f .env ] && return
  say "Writing .env, with a secret key of its own"
  umask 077
  cat > .env << EOF
SECRET_KEY=$(python3 -c 'import secrets; print(secrets.token_urlsafe(50))')
ALLOWED_HOSTS=127.0.0.1,localhost
SITE_URL=http://127.0.0.1:8000
HTTPS=false
DEMO=true
EOF
}

# Everything between a checkout and a server that can start. Quick when nothing is missing.
prepare() {
  need_python
  need_packages "${APPLICATION_PACKAGES[@]}"
  need_venv "$(chosen_requirements)"
  need_env
  .venv/bin/python manage.py migrate -v 0
  .venv/bin/python manage.py createcachetable
  .venv/bin/python manage.py load_questionnaire fixtures/questionnaire.json
  .venv/bin/python manage.py collectstatic --noinput -v 0
}

APPLICATION_PACKAGES=(python3-venv libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
# libatomic1: the Node.js inside Playwright wants it, and Debian's chromium does not bring it.
TEST_PACKAGES=(chromium default-jre-headless git grammalecte-cli libatomic1 poppler-utils postgresql)
