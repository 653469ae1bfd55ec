#!/bin/sh
# Builds docker-netkit from this checkout and installs it as a plugin of the
# docker CLI. "install.sh --help" tells the rest.
#
# POSIX sh only: it has to run with dash, busybox and the sh of macOS.

set -eu

name=docker-netkit
module=github.com/docker-netkit/docker-netkit
engine_timeout=5s
engine_format='{{if .Engine.Version}}{{.Engine.Product}} {{.Engine.Version}} at {{.Engine.Endpoint}}{{end}}'

usage() {
	cat <<-END
		Usage: install.sh [OPTIONS]

		Build docker-netkit from this checkout and install it, so that "docker netkit"
		works. Running it again upgrades. It ends by drawing the networks of your
		engine, or a built-in sample where no engine answers.

		Options:
		  --system       Install for all users, in /usr/local/lib/docker/cli-plugins
		  --prefix DIR   Install in DIR/lib/docker/cli-plugins
		  --uninstall    Remove the plugin from where the other options point
		  --quiet        Say nothing unless something is wrong; draw nothing
		  --help         Show this help

		Without --system or --prefix it goes to \$DOCKER_CONFIG/cli-plugins, which is
		~/.docker/cli-plugins unless you changed it.

		Environment:
		  DOCKER_CONFIG  The docker CLI's configuration directory
		  NETKIT_VERSION The version to stamp in, instead of the one git tells
		  NETKIT_PROBES  The platforms of engines to measure on, instead of
		                 "linux/amd64 linux/arm64"; none where it is empty

		Status: 0 installed, and docker runs it; 1 failed, or docker does not run it;
		2 wrong options; 130 interrupted.
	END
}

# --- saying things ----------------------------------------------------------

quiet=

say() {
	[ -n "$quiet" ] || printf '%s\n' "$*"
}

warn() {
	printf '%s\n' "$*" >&2
}

die() {
	warn "install.sh: $*"
	exit 1
}

bad_usage() {
	warn "install.sh: $*"
	warn "Run './install.sh --help' for the options."
	exit 2
}

# --- leaving nothing behind -------------------------------------------------

work=        # the directory that the build is made in, beside its target
first_made=  # the topmost directory that had to be made for the target
build_pid=

# shellcheck disable=SC2317 # the traps run it
clean_up() {
	status=$?
	trap - EXIT
	trap '' HUP INT TERM
	if [ -n "$build_pid" ]; then
		kill "$build_pid" 2>/dev/null || :
		wait "$build_pid" 2>/dev/null || :
	fi
	if [ -n "$work" ]; then
		# A compiler that go started may still be about to write there.
		rm -rf -- "$work" 2>/dev/null || { sleep 1 && rm -rf -- "$work"; } || :
	fi
	if [ "$status" -ne 0 ] && [ -n "$first_made" ]; then
		remove_empty "$plugins"
	fi
	exit "$status"
}

# remove_empty DIR removes the directories that this run made, if they are
# empty, from DIR up to the first one made.
# shellcheck disable=SC2317 # the traps run it
remove_empty() {
	dir=$1
	until rmdir -- "$dir" 2>/dev/null || :; [ "$dir" = "$first_made" ]; do
		dir=$(dirname -- "$dir")
	done
}

trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# --- where it goes ----------------------------------------------------------

# find_home sets HOME where it is not set, as the docker CLI does. Go wants it
# too, for its caches.
find_home() {
	[ -z "${HOME:-}" ] || return 0
	user=$(id -un) || return 0
	case $user in
	'' | *[!A-Za-z0-9._-]*) return 0 ;;
	esac
	home=
	eval "home=~$user"
	case $home in
	/*)
		HOME=$home
		export HOME
		;;
	esac
}

absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s\n' "$(pwd)/$1" ;;
	esac
}

# choose_place sets $plugins, the directory for the plugin.
choose_place() {
	if [ -n "$prefix" ]; then
		plugins=$(absolute "${prefix%/}")/lib/docker/cli-plugins
	elif [ -n "${DOCKER_CONFIG:-}" ]; then
		plugins=$(absolute "${DOCKER_CONFIG%/}")/cli-plugins
	elif [ -n "${HOME:-}" ]; then
		plugins=${HOME%/}/.docker/cli-plugins
	else
		die "cannot tell your home directory, because HOME is not set. Set it, or use --prefix DIR or --system."
	fi
}

# docker_looks_in DIR tells whether docker finds plugins there by itself.
docker_looks_in() {
	case $1 in
	/usr/local/lib/docker/cli-plugins | /usr/local/libexec/docker/cli-plugins) return 0 ;;
	/usr/lib/docker/cli-plugins | /usr/libexec/docker/cli-plugins) return 0 ;;
	esac
	[ -z "$prefix" ]
}

make_place() {
	if [ ! -d "$plugins" ]; then
		missing=$plugins
		while [ ! -e "$missing" ]; do
			first_made=$missing
			missing=$(dirname -- "$missing")
		done
		mkdir -p -- "$plugins" 2>/dev/null || cannot_write
	fi
	[ ! -d "$target" ] || die "$target is a directory. Move it away first."
	# What a killed run may have left, once no run can be at work on it.
	find "$plugins/.$name".* -prune -mtime +0 -exec rm -rf -- {} + 2>/dev/null || :
	work=$(mktemp -d "$plugins/.$name.XXXXXX" 2>/dev/null) || cannot_write
}

cannot_write() {
	work=
	if [ -n "$system" ] && [ "$(id -u)" -ne 0 ]; then
		die "cannot write to $plugins. Run it as root: sudo env PATH=\"\$PATH\" ./install.sh --system"
	fi
	die "cannot write to $plugins. Make it writable, or choose another place: --prefix DIR."
}

# --- building ---------------------------------------------------------------

find_source() {
	source=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
	if [ ! -f "$source/go.mod" ] || [ ! -d "$source/cmd/$name" ]; then
		die "no source in $source. Run install.sh from a checkout of $name."
	fi
	needed=$(sed -n 's/^go  *\([0-9][0-9.]*\).*/\1/p' "$source/go.mod")
}

# at_least HAVE WANT compares versions such as 1.26.8.
at_least() {
	have=$1.0.0
	want=$2.0.0
	for _ in 1 2 3; do
		h=${have%%.*} w=${want%%.*}
		have=${have#*.} want=${want#*.}
		h=${h%%[!0-9]*} w=${w%%[!0-9]*} # 1.27rc1 counts as 1.27
		[ "${h:-0}" -eq "${w:-0}" ] || break
	done
	[ "${h:-0}" -ge "${w:-0}" ]
}

check_go() {
	if ! command -v go >/dev/null 2>&1; then
		warn "install.sh: Go is needed to build $name, and there is no go on the PATH."
		if [ -x /usr/local/go/bin/go ]; then
			warn "There is one in /usr/local/go. Run: PATH=\"\$PATH:/usr/local/go/bin\" ./install.sh"
		else
			warn "Get Go $needed or newer from https://go.dev/dl/, or as a package of your system."
		fi
		exit 1
	fi
	# Asked outside the checkout, go tells its own version, not go.mod's.
	said=$(cd / && GOTOOLCHAIN=local go version 2>&1) || die "go does not run: $said"
	case $said in
	*go[0-9]*) ;;
	*) die "cannot tell the version of Go from: $said" ;;
	esac
	go_version=$(printf '%s\n' "$said" | sed 's/.*[^a-z]go\([0-9][0-9a-z.]*\).*/\1/')
	at_least "$go_version" "$needed" && return 0
	if at_least "$go_version" 1.21 && [ "$(cd / && go env GOTOOLCHAIN)" != local ]; then
		say "Go $go_version is older than $needed; it fetches the newer one by itself (GOTOOLCHAIN)."
		return 0
	fi
	warn "install.sh: Go $go_version is too old: $name needs $needed or newer."
	warn "Get it from https://go.dev/dl/, or as a package of your system."
	if at_least "$go_version" 1.21; then
		warn "Or let this Go fetch it for the build: GOTOOLCHAIN=auto ./install.sh"
	fi
	exit 1
}

# in_git tells whether the checkout is a git repository of its own, and not an
# unpacked archive, perhaps within another repository.
in_git() {
	top=$(git -C "$source" rev-parse --show-toplevel 2>/dev/null) && [ "$top" = "$source" ]
}

# choose_version sets $version: what NETKIT_VERSION says, else the tag that this
# commit has, else the last release in the changelog and this commit.
choose_version() {
	vcs=false commit=
	if in_git; then
		vcs=true
		commit=$(git -C "$source" describe --always --match '' --abbrev=12 --dirty=.dirty 2>/dev/null) || vcs=false
	fi
	version=${NETKIT_VERSION:-}
	if [ -z "$version" ] && [ -n "$commit" ]; then
		version=$(git -C "$source" describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null) || version=
		case $commit in *.dirty) version= ;; esac
	fi
	if [ -z "$version" ]; then
		version=$(sed -n 's/^## \[\([0-9][^]]*\)\].*/\1/p' "$source/CHANGELOG.md" 2>/dev/null | head -n 1)
		version=${version:-0.0.0-dev}${commit:++$commit}
	fi
	version=${version#v}
	case $version in
	*[!A-Za-z0-9.+_-]*) bad_usage "the version may hold letters, digits and . + _ - only: $version" ;;
	esac
}

# build_probes builds what the plugin starts in containers to measure from there.
build_probes() {
	command -v gzip >/dev/null 2>&1 || die "gzip is needed to build the probes. Install it, or build without: NETKIT_PROBES= ./install.sh"
	(
		GOTMPDIR=$work
		export GOTMPDIR
		# shellcheck disable=SC2086 # platforms are words
		exec sh "$source/scripts/probes" "$work/probes" $probes
	) &
	build_pid=$!
	if wait "$build_pid"; then
		build_pid=
		return 0
	fi
	build_pid=
	die "the probes for $probes could not be built; why is above. Nothing was changed."
}

build() {
	say "Building $name $version with Go $go_version."
	say "The first time, this takes a minute."
	ldflags="-s -w -X $module/internal/buildinfo.version=$version"
	probes=${NETKIT_PROBES-linux/amd64 linux/arm64}
	[ -z "$probes" ] || build_probes
	# In the background, so that a signal to this script is seen at once; a
	# background job ignores the terminal's interrupt, so clean_up ends it. Its
	# temporary files go where clean_up finds them. It builds for this machine,
	# whatever it is told otherwise.
	(
		cd -- "$source" || exit
		unset GOOS GOARCH GOARM GOAMD64 GOARM64
		CGO_ENABLED=0 GOWORK=off GOTMPDIR=$work
		export CGO_ENABLED GOWORK GOTMPDIR
		exec go build ${probes:+-tags probes -overlay "$work/probes/overlay.json"} -trimpath -buildvcs="$vcs" -ldflags "$ldflags" -o "$work/$name" "./cmd/$name"
	) &
	build_pid=$!
	if wait "$build_pid"; then
		build_pid=
		return 0
	fi
	build_pid=
	die "the build failed; what go said is above. Nothing was changed."
}

# metadata_version FILE asks a plugin for its version, as docker does.
metadata_version() {
	"$1" docker-cli-plugin-metadata 2>/dev/null </dev/null | sed -n 's/.*"Version": *"\([^"]*\)".*/\1/p'
}

install_plugin() {
	chmod 755 "$work/$name"
	built=$(metadata_version "$work/$name")
	[ "$built" = "$version" ] || die "the plugin that was built does not answer as it should (it says '$built'). Nothing was changed."
	old=
	if [ -x "$target" ]; then
		old=$(metadata_version "$target") || old=
	fi
	mv -f -- "$work/$name" "$target" || die "cannot replace $target."
	rm -rf -- "$work"
	work=
	case $old in
	'') say "Installed $target" ;;
	"$version") say "Installed $target again, in the same version" ;;
	*) say "Upgraded $target from $old" ;;
	esac
}

# --- asking docker ----------------------------------------------------------

run="" # how the plugin is run from here: "docker netkit", or the file itself

netkit() {
	case $run in
	docker) docker netkit "$@" ;;
	*) "$target" "$@" ;;
	esac
}

# listed gives what docker knows of the plugin, as PATH|ERROR. The engine is
# of no interest here, so docker is pointed at none.
listed() {
	(
		unset DOCKER_CONTEXT DOCKER_TLS_VERIFY
		DOCKER_HOST=unix:///nonexistent/docker.sock
		export DOCKER_HOST
		docker info --format '{{range .ClientInfo.Plugins}}{{if eq .Name "netkit"}}{{.Path}}|{{.Err}}{{end}}{{end}}' 2>/dev/null </dev/null
	) || :
}

# same_place tells whether two paths are one file in one directory.
same_place() {
	[ "$(basename -- "$1")" = "$(basename -- "$2")" ] &&
		[ "$(cd -- "$(dirname -- "$1")" && pwd -P)" = "$(cd -- "$(dirname -- "$2")" && pwd -P)" ]
}

# ask_docker finds out whether docker runs the plugin, and says why not.
ask_docker() {
	run=alone
	if ! command -v docker >/dev/null 2>&1; then
		say "There is no docker CLI on the PATH. The plugin works by itself: $target"
		return 0
	fi
	cli=$(docker --version 2>/dev/null </dev/null) || cli=
	case $cli in
	'Docker version '*) cli=${cli#Docker version } cli=${cli%%,*} ;;
	[Pp]odman*)
		say "The docker command is Podman's, which has no plugins. This one works by itself: $target"
		return 0
		;;
	*)
		warn "The docker CLI does not run ('docker --version' says '$cli'). The plugin works by itself: $target"
		return 1
		;;
	esac
	case $cli in
	[0-9]*)
		if ! at_least "$cli" 19.3; then
			warn "Docker CLI $cli is too old for plugins: they came with 19.03. This one works by itself: $target"
			return 1
		fi
		;;
	esac
	found=$(listed)
	if [ -n "$found" ] && same_place "${found%%|*}" "$target"; then
		found=$target\|${found#*|}
	fi
	case $found in
	"$target|" | "$target|<nil>")
		run=docker
		say "Docker CLI $cli runs it as: docker netkit"
		return 0
		;;
	"$target|"*)
		warn "Docker CLI $cli finds the plugin but refuses it: ${found#*|}"
		;;
	?*)
		warn "Docker CLI $cli runs another copy of the plugin first: ${found%%|*}"
		warn "Remove that one, or use this one by its path: $target"
		;;
	*)
		if ! docker_looks_in "$plugins"; then
			say "The docker CLI does not look in $plugins by itself."
			say "To make it, add this to config.json in its configuration directory (~/.docker):"
			say "  \"cliPluginsExtraDirs\": [\"$plugins\"]"
			say "The plugin works by itself, too: $target"
			return 0
		fi
		warn "Docker CLI $cli does not see the plugin in $plugins."
		warn "Does it run as another user, or in a sandbox with a home of its own? The plugin works by itself: $target"
		;;
	esac
	return 1
}

# draw ends the installation with the plugin's main job.
draw() {
	say
	if said=$(netkit --timeout "$engine_timeout" version --format "$engine_format" 2>&1 </dev/null); then
		say "The networks of your engine, $(printf '%s\n' "$said" | tail -n 1):"
		say
		netkit --timeout "$engine_timeout" graph </dev/null || warn "The engine could not be drawn; why is above."
		return 0
	fi
	say "No engine answers, so this is the built-in sample. What was tried:"
	printf '%s\n' "$said" | sed -e '/^ *$/d' -e 's/^/  /'
	say
	netkit graph --demo </dev/null || die "the plugin was installed, but cannot draw its sample."
}

# --- removing ---------------------------------------------------------------

uninstall() {
	if [ -e "$target" ] || [ -L "$target" ]; then
		rm -f -- "$target" 2>/dev/null || die "cannot remove $target. Is the directory writable for you?"
		say "Removed $target"
	else
		say "There is no plugin in $plugins."
	fi
	for other in "${DOCKER_CONFIG:-${HOME:-}/.docker}/cli-plugins" \
		/usr/local/lib/docker/cli-plugins /usr/local/libexec/docker/cli-plugins \
		/usr/lib/docker/cli-plugins /usr/libexec/docker/cli-plugins; do
		if [ "$other" != "$plugins" ] && [ -e "$other/$exe" ]; then
			say "Another copy is still there: $other/$exe"
		fi
	done
}

# --- the run ----------------------------------------------------------------

system='' prefix='' remove='' plugins=''
while [ $# -gt 0 ]; do
	case $1 in
	--system) system=yes ;;
	--prefix)
		[ $# -gt 1 ] || bad_usage "--prefix needs a directory."
		prefix=$2
		[ -n "$prefix" ] || bad_usage "--prefix needs a directory."
		shift
		;;
	--prefix=*)
		prefix=${1#*=}
		[ -n "$prefix" ] || bad_usage "--prefix needs a directory."
		;;
	--uninstall) remove=yes ;;
	-q | --quiet) quiet=yes ;;
	-h | --help)
		usage
		exit 0
		;;
	*) bad_usage "unknown option: $1" ;;
	esac
	shift
done
if [ -n "$system" ]; then
	[ -z "$prefix" ] || bad_usage "--system and --prefix cannot be used together."
	prefix=/usr/local
	umask 022
fi

find_home
choose_place
exe=$name
case $(uname -s) in
MINGW* | MSYS* | CYGWIN*) exe=$name.exe ;;
esac
target=$plugins/$exe
if [ -n "$remove" ]; then
	uninstall
	exit 0
fi
find_source
check_go
choose_version
make_place
build
install_plugin
seen=0
ask_docker || seen=1
[ -n "$quiet" ] || draw
exit "$seen"
