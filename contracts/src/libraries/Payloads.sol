// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICollection, Leg} from "../interfaces/ICollection.sol";
import {IGateway} from "../interfaces/IGateway.sol";
import {StatePayload} from "../interfaces/PayloadTypes.sol";

/// @title What statements say of a work, read from the collection on their source.
library Payloads {
    /// @return abi.encode(StatePayload).
    function ofState(ICollection collection, uint256 workId) internal view returns (bytes memory) {
        Leg memory leg = collection.legOf(workId);
        if (leg.revision == 0) revert IGateway.RevisionNotStated(workId);
        return abi.encode(StatePayload(workId, uint40(leg.revision), leg.stateHash, leg.frozen));
    }
}
