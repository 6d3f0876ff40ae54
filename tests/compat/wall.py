"""watchfloor reads a moto server: a whole wall of three full accounts, then the same next to broken environments."""

import broken_wall
import moto_data
import moto_data_wall
import moto_wall
from moto_estate import PLACES, RUNNING_TASKS, fill
from moto_truth import truth
from processes import Server, clean_environment, free_port, python_module


def check(checks, binary, folder):
    """Starts the server, fills it, and looks at it."""
    port = free_port()
    environment = clean_environment(folder) | {"MOTO_ECS_SERVICE_RUNNING": str(RUNNING_TASKS)}
    with Server(python_module("moto.server", "-H", "127.0.0.1", "-p", str(port)), environment) as server:
        server.wait_for_port(port, 60)
        endpoint = f"http://127.0.0.1:{port}"
        truths, data = {}, {}
        for place in PLACES:
            fill(endpoint, place)
            moto_data.fill(endpoint, place)
            truths[place.name] = truth(endpoint, place)
            data[place.name] = moto_data.truth(endpoint, place)
        moto_wall.check(checks, binary, folder / "wall", endpoint, truths)
        moto_data_wall.check(checks, binary, folder / "data", endpoint, data)
        broken_wall.check(checks, binary, folder / "broken", endpoint, truths)
