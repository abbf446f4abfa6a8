// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IAny2EVMMessageReceiver} from "@chainlink/contracts-ccip/contracts/interfaces/IAny2EVMMessageReceiver.sol";
import {Client} from "@chainlink/contracts-ccip/contracts/libraries/Client.sol";
import {Origin} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroEndpointV2.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {CcipTransport} from "../src/CcipTransport.sol";
import {LayerZeroTransport} from "../src/LayerZeroTransport.sol";
import {LegState} from "../src/interfaces/ICollection.sol";
import {Transport} from "../src/interfaces/IGateway.sol";
import {ITransport} from "../src/interfaces/ITransport.sol";
import {World} from "./support/World.sol";

contract TransportsTest is World {
    CcipTransport private ccip;
    LayerZeroTransport private layerZero;

    function setUp() public override {
        super.setUp();
        ccip = chains[BASE].ccip;
        layerZero = chains[BASE].layerZero;
    }

    function test_ccipSend_asksForGasAndAnyOrder_paidInNativeMoney() public {
        Mail memory mail = _sendHello(BASE, Transport.CCIP);
        Client.EVM2AnyMessage memory message = chains[HOME].onRamp.last();
        assertEq(message.receiver, abi.encode(address(ccip)));
        assertEq(message.data, mail.message);
        // GenericExtraArgsV2: https://docs.chain.link/ccip/api-reference/evm/v1.6.1/client
        assertEq(message.extraArgs, abi.encodeWithSelector(0x181dcf10, _gasLimitOf(mail), true));
    }

    function test_ccipReceive_RevertWhen_NotRouter() public {
        vm.expectRevert(abi.encodeWithSelector(ITransport.NotProtocol.selector, ALICE));
        vm.prank(ALICE);
        ccip.ccipReceive(_ccipMessage(chains[HOME].ccipSelector, abi.encode(chains[HOME].ccip)));
    }

    function test_ccipReceive_RevertWhen_SelectorIsNoPeer() public {
        uint64[3] memory selectors = [chains[MOONBEAM].ccipSelector, chains[BASE].ccipSelector, 7];
        for (uint256 i = 0; i < selectors.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITransport.SourceUnknown.selector, selectors[i]));
            vm.prank(address(chains[BASE].router));
            ccip.ccipReceive(_ccipMessage(selectors[i], abi.encode(chains[HOME].ccip)));
        }
    }

    /// @dev Also senders of other lengths, and 32-byte senders that are no address: refused, never a decoder's panic.
    function testFuzz_ccipReceive_RevertWhen_SenderIsNotThePeer(bytes memory sender) public {
        vm.assume(keccak256(sender) != keccak256(abi.encode(chains[HOME].ccip)));
        vm.expectRevert(abi.encodeWithSelector(ITransport.SenderUnknown.selector, sender));
        vm.prank(address(chains[BASE].router));
        ccip.ccipReceive(_ccipMessage(chains[HOME].ccipSelector, sender));
    }

    function testFuzz_ccipReceive_RevertWhen_SenderIs32ForeignBytes(bytes32 sender) public {
        testFuzz_ccipReceive_RevertWhen_SenderIsNotThePeer(abi.encode(sender));
    }

    function test_ccip_supportsInterface_soThatTheOffRampDoesNotSkipIt() public view {
        assertTrue(ccip.supportsInterface(type(IAny2EVMMessageReceiver).interfaceId));
        assertTrue(ccip.supportsInterface(type(IERC165).interfaceId));
        assertFalse(ccip.supportsInterface(0xffffffff));
    }

    function test_lzReceive_RevertWhen_NotEndpoint() public {
        vm.expectRevert(abi.encodeWithSelector(ITransport.NotProtocol.selector, ALICE));
        vm.prank(ALICE);
        layerZero.lzReceive(_lzOrigin(HOME), bytes32(0), "", ALICE, "");
    }

    function test_lzReceive_RevertWhen_SenderIsNotThePeer() public {
        Origin memory origin = _lzOrigin(HOME);
        origin.sender = _bytes32(ALICE);
        vm.expectRevert(abi.encodeWithSelector(ITransport.SenderUnknown.selector, abi.encode(ALICE)));
        vm.prank(address(chains[BASE].endpoint));
        layerZero.lzReceive(origin, bytes32(0), "", ALICE, "");
    }

    function test_lzReceive_RevertWhen_EidIsNoPeer() public {
        vm.expectRevert(abi.encodeWithSelector(ITransport.SourceUnknown.selector, chains[MOONBEAM].lzEid));
        vm.prank(address(chains[BASE].endpoint));
        layerZero.lzReceive(_lzOrigin(MOONBEAM), bytes32(0), "", ALICE, "");
    }

    function test_lzReceive_RevertWhen_MoneyComesAlong() public {
        vm.deal(address(chains[BASE].endpoint), 1);
        vm.expectRevert(abi.encodeWithSelector(ITransport.UnexpectedValue.selector, 1));
        vm.prank(address(chains[BASE].endpoint));
        layerZero.lzReceive{value: 1}(_lzOrigin(HOME), bytes32(0), "", ALICE, "");
    }

    function test_allowInitializePath_onlyForThePeer() public view {
        assertTrue(layerZero.allowInitializePath(_lzOrigin(HOME)));
        assertFalse(layerZero.allowInitializePath(_lzOrigin(MOONBEAM)));
        assertFalse(layerZero.allowInitializePath(Origin(chains[HOME].lzEid, _bytes32(ALICE), 1)));
        assertFalse(layerZero.allowInitializePath(Origin(7, bytes32(0), 1)));
    }

    function test_layerZero_isItsOwnDelegate_andUnordered() public view {
        (bool done, bytes memory delegate) =
            address(chains[BASE].endpoint).staticcall(abi.encodeWithSignature("delegates(address)", layerZero));
        assertTrue(done);
        assertEq(abi.decode(delegate, (address)), address(layerZero));
        assertEq(layerZero.nextNonce(chains[HOME].lzEid, bytes32(0)), 0);
    }

    function test_layerZero_deliversInAnyOrder_onceVerified() public {
        _openAllLanes();
        uint256 first = _mint(ALICE, keccak256("first"));
        uint256 second = _mint(ALICE, keccak256("second"));
        Mail memory firstMail = _send(HOME, BASE, Transport.LAYER_ZERO, first, ALICE, ALICE);
        Mail memory secondMail = _send(HOME, BASE, Transport.LAYER_ZERO, second, ALICE, ALICE);
        _verifyByLayerZero(firstMail);
        _verifyByLayerZero(secondMail);
        _executeByLayerZero(secondMail, _gasLimitOf(secondMail));
        assertEq(chains[BASE].collection.ownerOf(second), ALICE);
        assertEq(uint8(chains[BASE].collection.legOf(first).state), uint8(LegState.NONE));
        _executeByLayerZero(firstMail, _gasLimitOf(firstMail));
        assertEq(chains[BASE].collection.ownerOf(first), ALICE);
    }

    function test_send_RevertWhen_NotGateway() public {
        bytes32 home = chains[HOME].chainHash;
        ITransport[2] memory transports = [ITransport(ccip), ITransport(layerZero)];
        for (uint256 i = 0; i < transports.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITransport.NotGateway.selector, ALICE));
            vm.prank(ALICE);
            transports[i].send(home, "", 1, ALICE);
        }
    }

    function test_quote_RevertWhen_NoRoute() public {
        bytes32 moonbeam = chains[MOONBEAM].chainHash;
        ITransport[2] memory transports = [ITransport(ccip), ITransport(layerZero)];
        for (uint256 i = 0; i < transports.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(ITransport.RouteUnknown.selector, moonbeam));
            transports[i].quote(moonbeam, "", 1);
        }
    }

    function test_routes_areHomeAndMirrors_neverMirrorToMirror() public view {
        assertEq(ccip.protocolChainIdOf(chains[HOME].chainHash), chains[HOME].ccipSelector);
        assertEq(layerZero.protocolChainIdOf(chains[HOME].chainHash), chains[HOME].lzEid);
        assertEq(ccip.peerOf(chains[HOME].chainHash), _bytes32(address(chains[HOME].ccip)));
        assertEq(ccip.protocolChainIdOf(chains[MOONBEAM].chainHash), 0);
        assertEq(chains[HOME].ccip.protocolChainIdOf(chains[MOONBEAM].chainHash), chains[MOONBEAM].ccipSelector);
    }

    function _ccipMessage(
        uint64 selector,
        bytes memory sender
    ) private pure returns (Client.Any2EVMMessage memory message) {
        message.sourceChainSelector = selector;
        message.sender = sender;
    }

    function _lzOrigin(uint256 chain) private view returns (Origin memory) {
        return Origin(chains[chain].lzEid, _bytes32(address(chains[chain].layerZero)), 1);
    }
}
