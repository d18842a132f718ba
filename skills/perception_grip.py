"""What closed fingers tell about the thing between them: it sits in their middle, its faces along the pads."""

from __future__ import annotations

import math

import numpy as np

from skills.perception_model import ObjectModel
from skills.types import Form, Pose

SQUARE = math.cos(math.radians(20))  # a face within this of the pads is pressed flat against them
REACH = 0.03  # [m] a thing farther off the middle than this is not understood, and left alone


def seat_in_hand(model: ObjectModel, pose_tool_object: Pose) -> Pose:
    """``pose_tool_object`` corrected by the closing of the fingers along the tool's y axis.

    A solid thing between the pads is centred along y; a box has also turned until two faces lie on the pads. Hollow
    things may be held by one wall: nothing is known about them.
    """
    if model.shape.hollow:
        return pose_tool_object
    x, y, z = pose_tool_object.position
    if abs(y) > REACH:
        return pose_tool_object
    orientation = pose_tool_object.orientation
    if model.shape.form is Form.BOX:
        rotation = pose_tool_object.rotation()
        axis = int(np.argmax(np.abs(rotation[1])))
        if abs(rotation[1, axis]) > SQUARE:
            side = rotation[:, axis] * np.sign(rotation[1, axis])
            back = math.atan2(float(side[0]), float(side[1]))  # about the tool's z axis, onto y
            turned = Pose.from_yaw((0, 0, 0), back) @ Pose((0.0, 0.0, 0.0), orientation)
            orientation = turned.orientation
            x, y, z = (float(v) for v in Pose.from_yaw((0, 0, 0), back).apply((x, y, z)))
    return Pose.of((x, 0.0, z), orientation)
