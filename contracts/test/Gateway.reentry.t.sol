// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {Gateway} from "../src/Gateway.sol";
import {SendRequest, Transport} from "../src/interfaces/IGateway.sol";
import {World} from "./support/World.sol";

/// @dev Gets its change back in the middle of a call, and calls again.
contract CallingPayer {
    address private immutable TARGET;
    bytes private _again;
    bytes public reason;
    bool public succeeded;

    constructor(address target) {
        TARGET = target;
    }

    receive() external payable {
        (succeeded, reason) = TARGET.call(_again);
    }

    function pay(bytes calldata first, bytes calldata again) external payable {
        _again = again;
        (bool done,) = TARGET.call{value: msg.value}(first);
        require(done, "the first call failed");
    }
}

contract GatewayReentryTest is World {
    bytes[] private _entries;

    function setUp() public override {
        super.setUp();
        _openAllLanes();
        uint256 workId = _mint(ALICE, keccak256("document"));
        bytes32 base = chains[BASE].chainHash;
        SendRequest memory request = _request(BASE, Transport.CCIP, workId, 0, ALICE);
        Gateway home = chains[HOME].gateway;
        _entries.push(abi.encodeCall(home.openLane, (base, Transport.CCIP)));
        _entries.push(abi.encodeCall(home.confirmLane, (base, Transport.CCIP)));
        _entries.push(abi.encodeCall(home.answerLane, (base, Transport.CCIP)));
        _entries.push(abi.encodeCall(home.sendWorks, (request)));
        _entries.push(abi.encodeCall(home.sendWorksWithPermit, (request, ALICE, block.timestamp, "")));
        _entries.push(abi.encodeCall(home.sendState, (base, Transport.CCIP, workId)));
        _entries.push(abi.encodeCall(home.deliver, (base, "")));
        _entries.push(abi.encodeCall(home.retry, ("")));
        _entries.push(abi.encodeCall(home.releaseStatement, ("")));
        _entries.push(abi.encodeCall(home.sendVoid, ("", Transport.CCIP)));
        _entries.push(abi.encodeCall(home.sendRegistryState, (base, Transport.CCIP)));
        _entries.push(abi.encodeCall(home.sendLicence, (base, Transport.CCIP, 0)));
        _entries.push(abi.encodeCall(home.claimRetired, (base, workId, ALICE, new bytes32[](0))));
    }

    function test_entries_RevertWhen_CalledInTheMiddleOfASend() public {
        Gateway home = _on(HOME).gateway;
        for (uint256 i = 0; i < _entries.length; ++i) {
            _expectNoReentry(home, _entries[0], _entries[i]);
        }
    }

    function _expectNoReentry(Gateway gateway, bytes memory first, bytes memory again) private {
        CallingPayer payer = new CallingPayer(address(gateway));
        payer.pay{value: 1 ether}(first, again);
        assertFalse(payer.succeeded());
        assertEq(payer.reason(), abi.encodeWithSelector(ReentrancyGuard.ReentrancyGuardReentrantCall.selector));
    }
}
