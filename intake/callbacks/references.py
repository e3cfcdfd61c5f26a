"""References: a word and four digits that a tired person can say on the phone. Not a secret, and not a key."""

import secrets

BIRDS = (
    "AVOCET BUNTING CARDINAL CONDOR CRANE CURLEW DIPPER DOVE DUNLIN EAGLE EGRET EIDER FALCON FINCH FLICKER GANNET "
    "GODWIT GOSHAWK GREBE GROUSE GULL HARRIER HAWK HERON HOOPOE IBIS JAY JUNCO KESTREL KINGLET KITE LARK LINNET LOON "
    "MAGPIE MARTIN MERLIN ORIOLE OSPREY OWL PELICAN PETREL PHOEBE PIPIT PLOVER PUFFIN QUAIL RAVEN ROBIN SISKIN SNIPE "
    "SPARROW STARLING STILT STORK SWALLOW SWAN SWIFT TANAGER TEAL TERN THRASHER THRUSH TOWHEE VEERY VIREO WARBLER WREN"
).split()


def new_reference() -> str:
    """Such as "LARK-4821". Two people can get the same one; then the desk finds both and asks."""
    return f"{secrets.choice(BIRDS)}-{secrets.randbelow(10_000):04d}"
