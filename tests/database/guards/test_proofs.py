"""The log's tree grows as RFC 6962 has it, and what is committed to is that tree."""

from collections.abc import Sequence

import pytest

from tests.database.guards.attacks import BOTH, Attack, LetThrough, Stopped, cases, entries

# More entries than a node above a leaf's has children. In the story the tree has all entries up to the head.
MORE = 32
LOGGED = entries(MORE)

HEIGHTS = 8

LEAVES = f"SELECT $head + i AS number, sha256(i::text::bytea) AS hash FROM generate_series(0, {MORE - 1}) AS i"


def above(height: int) -> str:
    """SQL of the nodes of a height over all leaves, old and new."""
    return (
        f"of_{height} AS (SELECT number >> 1 AS number, sha256('\\x01' || string_agg(hash, '' ORDER BY number)) AS hash"
        f" FROM of_{height - 1} GROUP BY number >> 1 HAVING count(*) = 2)"
    )


def growth(
    leaves: str = LEAVES,
    heights: Sequence[int] = (0, 4, 8),
    salts: str = "SELECT number + 1, substring(hash FOR 16) FROM leaves",
    node: str = "hash",
) -> str:
    """The statement by which the tree gets its leaves, with salts, and nodes of heights whose hash is ``node``."""
    nodes = " UNION ALL ".join(
        f"SELECT {height}, number, {node if height else 'hash'} FROM of_{height} "
        f"WHERE NOT EXISTS (SELECT FROM log_node AS n WHERE n.height = {height} AND n.index = number)"
        for height in heights
    )
    return f"""
        WITH leaves AS ({leaves}), salts AS (INSERT INTO log_salt (position, salt) {salts}),
        of_0 AS (SELECT index AS number, hash FROM log_node WHERE height = 0 UNION ALL SELECT * FROM leaves),
        {", ".join(above(height) for height in range(1, HEIGHTS + 1))}
        INSERT INTO log_node (height, index, hash) {nodes}
    """


def checkpoint(
    size: str = f"$head + {MORE}", root: str = "", at: str = "now()", note: str = ""
) -> str:
    """A checkpoint of a size."""
    root = root or f"nzc_tree_root({size})"
    note = note or f"format(E'nzc/0\\n%s\\n%s\\n', {size}, encode({root}, 'base64'))"
    return (
        f"INSERT INTO log_checkpoint (size, root, at, note) VALUES ({size}, {root}, {at}, {note})"
    )


GROWN = f"{LOGGED}; {growth()}"

WITHOUT_THE_LAST = (
    f"SELECT number + 1, substring(hash FOR 16) FROM leaves WHERE number < $head + {MORE - 1}"
)

NODES = (
    Attack("a leaf after a gap", "tree_is_dense", growth(LEAVES.replace("$head + i", "$head + i + 1"), [0]),
           before=entries(MORE + 1)),
    Attack("a gap between leaves", "tree_is_dense", growth(f"{LEAVES} WHERE i NOT BETWEEN 1 AND 17", [0]),
           before=LOGGED),
    Attack("a leaf of no entry", "leaf_is_of_an_entry", growth(heights=[0]), before=None),
    Attack("a leaf without a salt", "leaf_is_of_an_entry", growth(salts=WITHOUT_THE_LAST), before=LOGGED),
    Attack("a node that is not there once its children are", "node_has_its_parent", growth(heights=[0]),
           before=LOGGED),
    Attack("a node of another hash than its children's", "node_is_of_its_children", growth(node="sha256(hash)"),
           before=LOGGED),
    Attack("a node of children that are not there", "node_is_of_its_children",
           "INSERT INTO log_node SELECT 4, max(index) + 1, sha256('') FROM log_node WHERE height = 4",
           before=LOGGED),
    Attack("a leaf twice", "log_node_pkey", "INSERT INTO log_node SELECT * FROM log_node LIMIT 1", before=None),
    Attack("a node of a height that is not stored", "log_node_height_check",
           "INSERT INTO log_node VALUES (3, 0, sha256(''))", before=None),
    Attack("a node below the leaves", "log_node_height_check",
           "INSERT INTO log_node VALUES (-4, 0, sha256(''))", before=None),
    Attack("a node before the first", "log_node_index_check",
           "INSERT INTO log_node VALUES (0, -1, sha256(''))", before=None),
    Attack("a node of half a hash", "log_node_hash_check", growth("SELECT $head AS number, '\\x00'::bytea AS hash"),
           before=LOGGED),
    Attack("a salt without its leaf", "salt_comes_with_its_leaf",
           "INSERT INTO log_salt VALUES ($head + 1, substring(sha256('') FOR 16))", before=LOGGED),
    Attack("a salt of eight bytes", "log_salt_salt_check",
           growth(salts="SELECT number + 1, substring(hash FOR 8) FROM leaves"), before=LOGGED),
    Attack("a salt twice", "log_salt_pkey", "INSERT INTO log_salt SELECT * FROM log_salt LIMIT 1", before=None),
)  # fmt: skip

CHECKPOINTS = (
    Attack("another root than the tree's", "checkpoint_is_of_the_tree", checkpoint(root="sha256('')"), before=GROWN),
    Attack("a root of a tree that is not there", "checkpoint_is_of_the_tree",
           checkpoint(size=f"$head + {MORE + 1}", root="sha256('')"), before=GROWN),
    Attack("less than the tree has", "checkpoint_is_of_the_tree", checkpoint(size="$head + 1"), before=GROWN),
    Attack("less than was committed to", "checkpoint_follows",
           f"{checkpoint()}; {checkpoint(size='$head + 1')}", before=GROWN),
    Attack("a time before that of the last", "checkpoint_follows", checkpoint(at="'2020-01-01 00:00+00'"),
           before=GROWN),
    *(Attack(f"a note that says {what}", "checkpoint_says_what_it_is", checkpoint(note=note), before=GROWN)
      for what, note in {
          "nothing": "''", "another size": "E'nzc/0\\n1\\n' || encode(nzc_tree_root($head + 32), 'base64') || E'\\n'",
          "another root": "format(E'nzc/0\\n%s\\n%s\\n', $head + 32, encode(sha256(''), 'base64'))",
          "no origin": "format(E'%s\\n%s\\n', $head + 32, encode(nzc_tree_root($head + 32), 'base64'))"}.items()),
    Attack("half a root", "log_checkpoint_root_check", checkpoint(root="'\\x00'::bytea"), before=GROWN),
    Attack("a size twice", "log_checkpoint_pkey", f"{checkpoint()}; {checkpoint()}", before=GROWN),
)  # fmt: skip


COMMITTED = f"{GROWN}; {checkpoint()}"


def cosignature(**other: str) -> str:
    """What a witness signed of a checkpoint; the database cannot check the signature itself."""
    given = {
        "size": f"$head + {MORE}", "number": "1", "name": "'w.example'", "key": "sha256('')", "time": "1",
        "signature": "sha512('')",
    } | other  # fmt: skip
    return f"INSERT INTO log_cosignature ({', '.join(given)}) VALUES ({', '.join(given.values())})"


ANOTHER = "'w.example/2'"
COSIGNATURES = (
    Attack("of a checkpoint that is not there", "log_cosignature_size_fkey", cosignature(size="$head + 1"),
           before=COMMITTED),
    Attack("a witness twice", "log_cosignature_size_name_key_key", f"{cosignature()}; {cosignature(number='2')}",
           before=COMMITTED),
    Attack("two in one place", "log_cosignature_pkey", f"{cosignature()}; {cosignature(name=ANOTHER)}",
           before=COMMITTED),
    *(Attack(f"a cosignature of {what}", f"log_cosignature_{column}_check", cosignature(**{column: value}),
             before=COMMITTED)
      for what, column, value in (
          ("a sixteenth witness", "number", "16"), ("number 0", "number", "0"),
          ("a name of two words", "name", "'w x'"), ("a name with a plus", "name", "'w+x'"), ("no name", "name", "''"),
          ("half a key", "key", "'x'"),
          ("no time", "time", "0"), ("a time beyond the calendar", "time", "253402300800"),
          ("half a signature", "signature", "sha256('')"))),
)  # fmt: skip


@cases(NODES + CHECKPOINTS + COSIGNATURES)
async def test_the_tree(stopped: Stopped, who: str, attack: Attack) -> None:
    await stopped(who, attack)


@pytest.mark.parametrize("who", BOTH)
async def test_what_is_in_order_is_let_through(let_through: LetThrough, who: str) -> None:
    await let_through(who, [growth(), checkpoint(), cosignature()], LOGGED)
