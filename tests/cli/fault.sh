# A run that fails a check ends with 1, names place and day, and leaves no store.
. "$SOURCE/tests/support/cli.sh"

mkdir wrong
cat >wrong/corridor.yml <<'YAML'
corridor: wrong
clock: {start: 2024-01-01, now: 2024-02-01, end: 2024-12-31}
units: [people]
levers: {fall: {value: 0, bounds: [-1, 1], unit: 1, who: a, group: b, en: Fall, es: Baja}}
stages:
  camp: {unit: people, start: 100 people, exits: {go: {hazard: fall / day, to: outside}}, en: Camp, es: Campo}
  tent: {unit: people, start: 100 people, enters: {rate: 5 people/day}, exits: {go: {share: 0.5 + fall, to: outside}}, en: Tent, es: Carpa}
policies:
  sinks: {en: Sinks, es: Baja, set: {fall: {2024-01-01: 0, 2024-03-05: -0.1}}}
  rises: {en: Rises, es: Sube, set: {fall: {2024-01-01: 0, 2024-03-05: 0.9}}}
observables: {left: {is: camp.go + tent.go, every: month, take: sum, unit: people, headline: true, en: Left, es: Salieron}}
YAML
run run wrong --policy sinks --members 3 --out r.db
expect_code 1
has err "error: camp.go: is below zero (cell 0, 2024-03-05, member 0)"
[ ! -e r.db ] || fail "a store of a run that failed"
! ls -A | grep -q partial || fail "a temporary file is left"
empty out
run run wrong --policy rises --members 3
expect_code 0
has err "were clipped; --strict stops there"
run run wrong --policy rises --members 3 --strict
expect_code 1
has err "tent.go: is a share outside 0 to 1"
run trace wrong --policy sinks
expect_code 1
finish
