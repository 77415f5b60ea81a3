"""Lots, movements and balances: where each serial is."""

CORRUPTIONS = {
    "a movement of the future": (
        "INSERT INTO movement SELECT position + 1000, line, debit_id, credit_id, batch_id, lo, hi "
        "FROM movement WHERE position = {retired}",
        "nothing lies outside the log",
    ),
    "a lot before the log": (
        "UPDATE lot SET position = -1 WHERE position = {retired} AND piece = 0",
        "nothing lies outside the log",
    ),
    "a balance of the future": (
        "INSERT INTO balance SELECT account_id, batch_id, 1000000, tonnes FROM balance "
        "WHERE position = {retired} LIMIT 1",
        "nothing lies outside the log",
    ),
    "a movement's batch": (
        "UPDATE movement SET batch_id = 1 WHERE position = {retired}",
        "movements join accounts of their batch",
    ),
    "a movement from an account to itself": (
        "UPDATE movement SET debit_id = credit_id WHERE position = {used}",
        "movements join accounts of their batch",
    ),
    "a movement out of its batch": (
        "UPDATE movement SET hi = 2000 WHERE position = {used}",
        "movements join accounts of their batch",
    ),
    "a movement out of issuance": (
        "UPDATE movement SET debit_id = (SELECT id FROM account WHERE kind = 'ISSUANCE') "
        "WHERE position = {used}",
        "movements join accounts of their batch",
    ),
    "a piece made longer": (
        "UPDATE lot SET hi = hi + 1 WHERE position = {used} AND piece = 0",
        "pieces tile what was spent",
    ),
    "a piece taken out": (
        "DELETE FROM lot WHERE position = {used} AND piece = 1",
        "pieces tile what was spent",
    ),
    "a piece that overlaps the one before and leaves a gap": (
        "UPDATE lot SET lo = lo - 1, hi = hi - 1 WHERE position = {used} AND since = {used}",
        "pieces tile what was spent",
    ),
    "a first piece that begins before what was spent": (
        "UPDATE lot SET lo = lo - 1, hi = hi - 1 WHERE position = {used} AND piece = 0",
        "pieces tile what was spent",
    ),
    "a last piece that ends after what was spent": (
        "UPDATE lot SET lo = lo + 1, hi = hi + 1 WHERE (position, piece) = "
        "(SELECT position, max(piece) FROM lot WHERE position = {used} GROUP BY position)",
        "pieces tile what was spent",
    ),
    "a spent lot that is not": (
        "UPDATE lot_spent SET lot_piece = 99 WHERE position = {used}",
        "pieces tile what was spent",
    ),
    "a lot that is not spent beside another": (
        "INSERT INTO lot_spent VALUES (1, 99, {used})",
        "pieces tile what was spent",
    ),
    "a spending taken out": (
        "DELETE FROM lot_spent WHERE position = {used}",
        "current lots tile their batch",
    ),
    "a retired lot given to a holder": (
        "UPDATE lot SET account_id = (SELECT min(id) FROM account WHERE kind = 'HOLDING') "
        "WHERE position = {used} AND since = {used}",
        "lots are where movements brought them",
    ),
    "a lot's since": (
        "UPDATE lot SET since = since - 1 WHERE position = {used} AND since = {used}",
        "remainders stay where they were",
    ),
    "a movement's serials": (
        "UPDATE movement SET lo = lo - 5, hi = hi - 5 WHERE position = {used}",
        "lots are where movements brought them",
    ),
    "a movement's debit": (
        "UPDATE movement SET debit_id = (SELECT id FROM account WHERE kind = 'FROZEN') "
        "WHERE position = {used}",
        "movements take from where the serials were",
    ),
    "a movement of serials before what was spent": (
        "UPDATE movement SET lo = (SELECT lo FROM credit_batch WHERE id = batch_id) "
        "WHERE position = {used}",
        "movements take from where the serials were",
    ),
    "a movement of serials after what was spent": (
        "UPDATE movement SET hi = (SELECT hi FROM credit_batch WHERE id = batch_id) "
        "WHERE position = {retired} AND line = 0",
        "movements take from where the serials were",
    ),
    "a movement of another batch's serials": (
        "UPDATE movement SET batch_id = 1 WHERE position = {used}",
        "movements take from where the serials were",
    ),
    "a remainder given to another": (
        "UPDATE lot SET account_id = account_id + 1 WHERE position = {used} AND since <> {used}",
        "remainders stay where they were",
    ),
    "a remainder's since": (
        "UPDATE lot SET since = {batch} WHERE position = {used} AND since <> {used}",
        "remainders stay where they were",
    ),
    "a current lot twice": (
        "INSERT INTO lot SELECT position, piece + 50, account_id, batch_id, lo, hi, since FROM lot "
        "WHERE position = {used}",
        "current lots tile their batch",
    ),
    "retired twice": (
        "INSERT INTO movement SELECT {used}, 50, debit_id, credit_id, batch_id, lo + 10, hi "
        "FROM movement WHERE position = {retired} AND line = 0",
        "a serial is retired once",
    ),
    "one serial of a retired range retired again": (
        "INSERT INTO movement SELECT {used}, 50, debit_id, credit_id, batch_id, lo + 3, lo + 4 "
        "FROM movement WHERE position = {retired} AND line = 0",
        "a serial is retired once",
    ),
    "a retired range retired again with all of its batch": (
        "INSERT INTO movement SELECT {used}, 50, debit_id, credit_id, batch_id, b.lo, b.hi "
        "FROM movement JOIN credit_batch AS b ON b.id = batch_id "
        "WHERE position = {retired} AND line = 0",
        "a serial is retired once",
    ),
    "a balance taken out": (
        "DELETE FROM balance WHERE position = {retired} AND tonnes = 120",
        "balances equal movements",
    ),
    "a balance changed": (
        "UPDATE balance SET tonnes = tonnes + 1 WHERE position = {retired}",
        "balances equal movements",
    ),
    "a balance of nothing": (
        "INSERT INTO balance SELECT credit_id, batch_id, {used}, 120 FROM movement "
        "WHERE position = {retired} AND line = 0",
        "balances equal movements",
    ),
    "a balance of nothing and of nothing before": (
        "INSERT INTO balance SELECT credit_id, 1000000, {used}, 5 FROM movement "
        "WHERE position = {retired} AND line = 0",
        "balances equal movements",
    ),
    "a balance of nobody": (
        "INSERT INTO balance VALUES (1000000, {batch}, {retired}, 5)",
        "balances equal movements",
    ),
    "the last balance changed": (
        "UPDATE balance SET tonnes = tonnes + 1 WHERE (account_id, position) = (SELECT account_id, "
        "max(position) FROM balance GROUP BY account_id ORDER BY account_id DESC LIMIT 1)",
        "lots equal balances",
    ),
    "tonnes that come from nowhere": (
        "UPDATE balance SET tonnes = tonnes + 7 WHERE position = {batch} AND tonnes < 0",
        "issued = held + pending + retired + otherwise used + frozen + invalidated",
    ),
    "an available lot taken out": (
        "DELETE FROM available_lot WHERE lot_position = (SELECT max(lot_position) FROM available_lot)",
        "available lots are the lots held",
    ),
    "an available lot's tonnes": (
        "UPDATE available_lot SET hi = hi + 1",
        "available lots are the lots held",
    ),
    "an available lot's vintage": (
        "UPDATE available_lot SET vintage = vintage + 1",
        "available lots are the lots held",
    ),
    "a spent lot available": (
        "INSERT INTO available_lot SELECT l.position, l.piece, l.account_id, 2022, l.batch_id, l.lo, "
        "l.hi, l.since FROM lot AS l WHERE l.position = {batch}",
        "available lots are the lots held",
    ),
    "taken back to another": (
        "UPDATE movement SET credit_id = (SELECT min(id) FROM account WHERE kind = 'HOLDING') "
        "WHERE position = {corrected}",
        "corrections mirror what they correct",
    ),
    "other serials approved": (
        "UPDATE movement SET hi = hi + 1 WHERE position IN "
        "(SELECT e.position FROM proposal_end AS e JOIN proposal AS p ON p.id = e.proposal_id WHERE p.lo = 21)",
        "approvals carry out what was proposed",
    ),
}
