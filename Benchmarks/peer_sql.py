"""The tables as SQL that DuckDB and ClickHouse both understand, over a table `events` with the columns of events.csv.

The aggregates whose names differ are asked for by name: `newest` takes the column whose value at the last event is wanted, `distinct`
what is counted."""
RESOURCE = "resource_type, resource_id"


def queries(newest, distinct, description):
    """The six counted tables: a SELECT by name. `description` is the expression that gives an action's description."""
    times = "min(created_at) AS first_at, max(created_at) AS last_at"
    email, label = f"{newest('actor_email')} AS email_of", f"{newest('resource_name')} AS name_of"
    actors, resources = distinct("actor_id"), distinct(f"({RESOURCE})")
    return {
        "actions": f"SELECT action, {description} AS description, count(*) AS count, {actors} AS actors, {resources} AS resources, {times} "
                   "FROM events GROUP BY action ORDER BY count DESC, action",
        "actors": f"SELECT actor_id, email_of AS actor_email, count, actions, resources, ip_addresses, first_at, last_at FROM ("
                  f"SELECT actor_id, {email}, count(*) AS count, {distinct('action')} AS actions, {resources} AS resources, "
                  f"{distinct('ip_address')} AS ip_addresses, {times} FROM events GROUP BY actor_id) AS t ORDER BY count DESC, actor_id",
        "resources": f"SELECT {RESOURCE}, name_of AS resource_name, count, actions, actors, first_at, last_at FROM ("
                     f"SELECT {RESOURCE}, {label}, count(*) AS count, {distinct('action')} AS actions, {actors} AS actors, {times} "
                     f"FROM events GROUP BY {RESOURCE}) AS t ORDER BY count DESC, {RESOURCE}",
        "actor_actions": f"SELECT actor_id, email_of AS actor_email, action, count, first_at, last_at FROM ("
                         f"SELECT actor_id, action, {email}, count(*) AS count, {times} FROM events GROUP BY actor_id, action) AS t "
                         "ORDER BY actor_id, action",
        "resource_actions": f"SELECT {RESOURCE}, name_of AS resource_name, action, count, first_at, last_at FROM ("
                            f"SELECT {RESOURCE}, action, {label}, count(*) AS count, {times} FROM events GROUP BY {RESOURCE}, action) AS t "
                            f"ORDER BY {RESOURCE}, action",
        "actor_resource_actions": f"SELECT actor_id, email_of AS actor_email, {RESOURCE}, name_of AS resource_name, action, count, first_at, last_at FROM ("
                                  f"SELECT actor_id, {RESOURCE}, action, {email}, {label}, count(*) AS count, {times} "
                                  f"FROM events GROUP BY actor_id, {RESOURCE}, action) AS t ORDER BY actor_id, {RESOURCE}, action",
    }


def described(actions):
    """An expression for the description of the column `action`."""
    cases = " ".join(f"WHEN '{name}' THEN '{text}'" for name, text in actions.items())
    return f"CASE action {cases} ELSE '' END"
