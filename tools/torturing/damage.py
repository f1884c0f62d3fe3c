"""Damage to the bytes of a file."""

_KINDS = ("cut", "cut", "empty", "bit", "bit", "byte", "bytes", "zeros", "lost", "doubled", "head", "rubbish")


def damaged(drawn, content):
    """The content with one kind of damage: cut, emptied, flipped bits, zeros, a lost or doubled block, or rubbish."""
    size = len(content)
    place, length = drawn.randrange(size), drawn.randint(1, max(1, size // 4))
    rubbish = bytes(drawn.randrange(256) for _ in range(drawn.randint(1, 64)))
    changed = bytearray(content)
    match drawn.choice(_KINDS):
        case "cut":
            return content[:place]
        case "empty":
            return b""
        case "bit":
            changed[place] ^= 1 << drawn.randrange(8)
        case "byte":
            changed[place] = drawn.randrange(256)
        case "bytes":
            for _ in range(16):
                changed[drawn.randrange(size)] = drawn.randrange(256)
        case "zeros":
            changed[place : place + length] = bytes(len(changed[place : place + length]))
        case "lost":
            del changed[place : place + length]
        case "doubled":
            changed[place:place] = changed[place : place + length]
        case "head":
            changed[: min(size, 16)] = rubbish[:16]
        case "rubbish":
            return rubbish
    return bytes(changed)
