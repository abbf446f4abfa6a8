// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IGateway, Transport} from "../src/interfaces/IGateway.sol";
import {RegistryState} from "../src/interfaces/PayloadTypes.sol";
import {World} from "./support/World.sol";

/// @dev A registry's state through the real Gateways, transports and bridges' contracts.
contract GatewayRegistryStateTest is World {
    function setUp() public override {
        super.setUp();
        _openAllLanes();
    }

    function test_sendRegistryState_withAllOperators_arrivesWithTheGasItBought() public {
        for (uint8 i = 1; i <= 2; ++i) {
            RegistryState memory stated = _state(i);
            Mail memory mail = _sendRegistryState(BASE, Transport(i));
            _coolDestination(mail);
            _deliver(mail);
            _assertStated(BASE, stated);
        }
    }

    function test_sendRegistryState_late_doesNotUndoANewerOne() public {
        _state(1);
        Mail memory late = _sendRegistryState(MOONBEAM, Transport.CCIP);
        RegistryState memory newer = _state(2);
        _deliver(_sendRegistryState(MOONBEAM, Transport.LAYER_ZERO));
        _deliver(late);
        _assertStated(MOONBEAM, newer);
    }

    function test_sendRegistryState_RevertWhen_NotHome() public {
        bytes32 home = chains[HOME].chainHash;
        bytes32 base = chains[BASE].chainHash;
        IGateway mirror = _on(BASE).gateway;
        vm.expectRevert(abi.encodeWithSelector(IGateway.NotHome.selector, base));
        mirror.sendRegistryState{value: 1 ether}(home, Transport.CCIP);
    }

    function _state(uint40 revision) private returns (RegistryState memory state) {
        state.revision = revision;
        state.royaltyBps = uint16(500 + revision);
        state.royaltyPolicyHash = keccak256(abi.encode("policy", revision));
        state.licenceHash = keccak256(abi.encode("licence", revision));
        state.restrictsTransfers = true;
        state.operators = new bytes32[](chains[HOME].collection.MAX_OPERATORS());
        for (uint256 i = 0; i < state.operators.length; ++i) {
            state.operators[i] = keccak256(abi.encode(revision, i)) >> 96;
        }
        vm.prank(POLICY);
        _on(HOME).collection.stateRegistry(state);
    }

    function _sendRegistryState(uint256 dst, Transport transport) private returns (Mail memory) {
        vm.recordLogs();
        _on(HOME).gateway.sendRegistryState{value: 1 ether}(chains[dst].chainHash, transport);
        return _posted(HOME, dst);
    }

    function _assertStated(uint256 chain, RegistryState memory expected) private view {
        RegistryState memory actual = chains[chain].collection.registryState();
        assertEq(keccak256(abi.encode(actual)), keccak256(abi.encode(expected)));
    }
}
