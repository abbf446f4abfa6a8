// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ICollection, Leg, WorkOrigin} from "../interfaces/ICollection.sol";
import {IGateway, StatePayload, WorkPayload, WorkSend} from "../interfaces/IGateway.sol";

/// @title What statements say of a work, read from the collection on their source.
library Payloads {
    function ofWork(ICollection collection, WorkSend calldata work) internal view returns (WorkPayload memory) {
        WorkOrigin memory origin = collection.originOf(work.workId);
        Leg memory leg = collection.legOf(work.workId);
        return WorkPayload({
            workId: work.workId,
            commitment: origin.commitment,
            documentHash: origin.documentHash,
            seed: origin.seed,
            edition: origin.edition,
            hop: work.hop + 1,
            revision: leg.revision,
            stateHash: leg.stateHash,
            frozen: leg.frozen,
            to: work.to,
            fallbackTo: work.fallbackTo
        });
    }

    /// @return abi.encode(StatePayload).
    function ofState(ICollection collection, uint256 workId) internal view returns (bytes memory) {
        Leg memory leg = collection.legOf(workId);
        if (leg.revision == 0) revert IGateway.RevisionNotStated(workId);
        return abi.encode(StatePayload(workId, leg.revision, leg.stateHash, leg.frozen));
    }
}
