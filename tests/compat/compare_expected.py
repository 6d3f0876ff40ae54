"""The matrix that is to be expected: from what boto3 says of each place and what the manifest approves."""

from collections import Counter

from compare_truth import Named

# From the least that matters to the most.
ORDER = ["same", "approved", "unknown", "extra", "untagged", "missing", "drift"]
UNAPPROVED = ORDER[3:]
REQUIRED_TAGS = ["Environment", "Team"]
# Kind, logical name, setting, and what it may be by environment: a value, or `(rule, arguments…)`; "any" for all.
APPROVED = [
    ("lambda function", "processing", "memory_mb", {"dev": 512, "staging": 1024, "prod": 2048}),
    ("lambda function", "orders", "reserved_concurrency", "any"),
    ("dynamodb table", "transactions", "read_units", {"dev": 5, "staging": 25, "prod": 100}),
    ("dynamodb table", "transactions", "write_units", {"dev": 5, "staging": 25, "prod": 100}),
    ("dynamodb table", "transactions", "deletion_protection", {"prod": True}),
    ("rest api stage", "api/live", "throttle_rate", {"dev": 100, "staging": 500, "prod": 2000}),
    ("rest api stage", "api/live", "throttle_burst", {"dev": 50, "staging": 250, "prod": 1000}),
    ("s3 bucket", "receipts", "expire_days", "any"),
    ("log group", "aws/lambda/processing", "retention_days", {"dev": 30, "staging": 90, "prod": 365}),
    ("log group", "журнал", "retention_days", {
        "dev": ("within", 1, 10),
        "staging": ("within", 1, 10),
        "prod": ("absent",),
    }),
    ("kms key", "data", "rotation", {"dev": False, "staging": True, "prod": True}),
    ("ecs service", "main/web", "tasks", {"prod": 4}),
    ("db instance", "ledger", "class", {
        "dev": ("one of", "db.t4g.micro", "db.t4g.small"),
        "staging": ("one of", "db.t4g.small", "db.t4g.medium"),
        "prod": ("any",),
    }),
]
# Resources that must exist: kind, logical name and where; None: everywhere.
RESOURCES = [
    ("lambda function", "playground", ["dev"]),
    ("lambda function", "nowhere", None),
    ("dynamodb table", "audit", None),
]
# Kinds that moto does not answer for: its CloudWatch does not speak the SDK's protocol, it knows no add-ons, and its
# MSK tells times in another form than AWS does.
UNREAD = ["alarm", "composite alarm", "eks add-on", "msk cluster"]
# Settings that moto answers for in another form than S3 does: the outer element of its XML is another.
UNREAD_SETTINGS = [("s3 bucket", "versioning")]


def toml(value):
    """A value of a manifest."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return {
            "any": lambda: "{ any = true }",
            "absent": lambda: "{ absent = true }",
            "within": lambda low, high: f"{{ min = {low}, max = {high} }}",
            "one of": lambda *all_values: f"{{ one_of = [{', '.join(map(toml, all_values))}] }}",
        }[value[0]](*value[1:])
    return f'"{value}"' if isinstance(value, str) else str(value)


def manifest():
    """The manifest that says the same as the lists above."""
    names = ", ".join(f'"{tag}"' for tag in REQUIRED_TAGS)
    text = f'system = "payments"\nenvironments = ["dev", "staging", "prod"]\nrequired_tags = [{names}]\n'
    for kind, name, setting, allowed in APPROVED:
        text += f'\n[[vary]]\nkind = "{kind}"\nname = "{name}"\nsetting = "{setting}"\nwhy = "known"\n'
        if allowed == "any":
            text += "any = true\n"
        else:
            text += f"values = {{ {', '.join(f'{env} = {toml(value)}' for env, value in allowed.items())} }}\n"
    for kind, name, only in RESOURCES:
        text += f'\n[[resource]]\nkind = "{kind}"\nname = "{name}"\n'
        text += f"only = [{', '.join(map(toml, only))}]\n" if only else ""
    return text


def admits(rule, value):
    """Whether a rule of a manifest is about this value."""
    if isinstance(rule, tuple):
        return {
            "any": lambda: True,
            "absent": lambda: value is None,
            "within": lambda low, high: value is not None and low <= value <= high,
            "one of": lambda *all_values: value in all_values,
        }[rule[0]](*rule[1:])
    return rule == value and isinstance(rule, bool) == isinstance(value, bool)


class Table:
    """Cells by (kind, name, setting, environment): the value and the verdict."""

    def __init__(self, places, truths, approved=True):
        self.places = places
        self.approved = APPROVED if approved else []
        self.resources = RESOURCES if approved else []
        self.required = REQUIRED_TAGS if approved else []
        self.cells = {}
        self.names = {}
        rows = {row for truth in truths.values() for row in truth} | {(kind, name) for kind, name, _ in self.resources}
        for row in rows:
            self.row(*row, {place.name: truths[place.name].get(row, []) for place in places})
        for kind in UNREAD:
            for place in places:
                self.cells[kind, "*", "exists", place.name] = (None, "unknown")

    def row(self, kind, name, found):
        """A resource: whether it is there, its settings, its tags."""
        rule = next((rule for rule in self.resources if rule[:2] == (kind, name)), None)
        present = [env for env, resources in found.items() if resources]
        for env, resources in found.items():
            if rule:
                wanted = rule[2] is None or env in rule[2]
            else:
                wanted = 2 * len(present) >= len(found)
            cell = {
                (0, False): None,
                (0, True): (False, "missing"),
                (1, False): (True, "extra"),
                (1, True): (True, "same"),
            }.get((len(resources), wanted), (sorted(one.name for one in resources), "unknown"))
            if cell:
                self.cells[kind, name, "exists", env] = cell
            if resources:
                self.names[kind, name, env] = ", ".join(sorted(one.name for one in resources))
        alone = {env: resources[0] for env, resources in found.items() if len(resources) == 1}
        for setting in {key for one in alone.values() for key in one.settings}:
            self.setting(kind, name, setting, {env: one.settings.get(setting) for env, one in alone.items()})
        tagged = {env: one.tags for env, one in alone.items() if one.tags is not None}
        for tag in {key for tags in tagged.values() for key in tags} | set(self.required if tagged else []):
            self.setting(kind, name, f"tag:{tag}", {env: self.tag(env, tags.get(tag)) for env, tags in tagged.items()})

    def tag(self, env, value):
        """The environment's own name is right anywhere."""
        place = next(place for place in self.places if place.name == env)
        own = {place.name, place.tier, place.region, place.account}
        return Named(value, "its own" if value and value.lower() in own else value)

    def setting(self, kind, name, setting, values):
        """The cells of a setting."""
        rules = (allowed for *about, allowed in self.approved if about == [kind, name, setting])
        allowed = next(rules, {})
        allowed = dict.fromkeys(values, ("any",)) if allowed == "any" else allowed
        values = {env: value if isinstance(value, Named) else Named(value, value) for env, value in values.items()}
        differ = any(value.counts != other.counts for value in values.values() for other in values.values())
        free = [value.counts for env, value in values.items() if env not in allowed]
        for env, value in values.items():
            if setting.removeprefix("tag:") in self.required and setting.startswith("tag:") and not value.said:
                verdict = "untagged"
            elif env in allowed and admits(allowed[env], value.said):
                verdict = "approved" if differ else "same"
            elif env in allowed:
                verdict = "drift"
            else:
                verdict = unruled(setting, value.counts, free)
            unread = (kind, setting) in UNREAD_SETTINGS
            self.cells[kind, name, setting, env] = (None, "unknown") if unread else (value.said, verdict)

    def summary(self):
        """Cells by verdict."""
        return Counter(verdict for _, verdict in self.cells.values())

    def differing(self):
        """The cells of settings that are not the same everywhere."""
        worst = {cell[:3] for cell, (_, verdict) in self.cells.items() if verdict != "same"}
        return {cell: what for cell, what in self.cells.items() if cell[:3] in worst}

    def findings(self):
        """Settings with a difference that nothing allows."""
        return {cell[:3] for cell, (_, verdict) in self.cells.items() if verdict in UNAPPROVED}


def unruled(setting, value, values):
    """What more than half have is right; of a tag that half carry, what the carriers agree on."""
    right = next((one for one in values if 2 * values.count(one) > len(values)), "nobody knows")
    carried = [one for one in values if one is not None]
    if right == "nobody knows" and setting.startswith("tag:") and carried and carried.count(carried[0]) == len(carried):
        right = carried[0]
    if value == right:
        return "same"
    return "untagged" if setting.startswith("tag:") and value is None else "drift"
