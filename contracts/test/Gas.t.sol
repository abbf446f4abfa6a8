// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {Origin} from "@layerzerolabs/lz-evm-protocol-v2/contracts/interfaces/ILayerZeroEndpointV2.sol";
import {
    MessagingFee,
    MessagingReceipt,
    SendParam
} from "@layerzerolabs/onft-evm/contracts/onft721/interfaces/IONFT721.sol";
import {ONFT721} from "@layerzerolabs/onft-evm/contracts/onft721/ONFT721.sol";
import {console} from "forge-std/console.sol";
import {SendRequest, Transport} from "../src/interfaces/IGateway.sol";
import {WorkSend} from "../src/interfaces/PayloadTypes.sol";
import {UlnWorld} from "./support/UlnWorld.sol";

/// @dev LayerZero's token that travels by burning and minting, with nothing added but a mint.
contract PlainOnft is ONFT721 {
    constructor(address endpoint, address delegate) ONFT721("Plain", "PLAIN", endpoint, delegate) {}

    function mint(address to, uint256 tokenId) external {
        _mint(to, tokenId);
    }
}

/// @dev What works cost in gas, beside LayerZero's ONFT721 in the same run: both over EndpointV2 and ULN302 with two
/// DVNs, on a lane that has carried before, what verification costs left out on both sides. Every call is a transaction
/// of its own, so that storage is cold and the base cost and calldata are counted.
/// forge-config: default.isolate = true
contract GasTest is UlnWorld {
    /// @dev What Art Blocks publishes for a mint by its V3 core. The commit before it is a transaction of its own.
    uint256 private constant MINT_BAR = 111_000;
    uint256 private constant FIRST_ARRIVAL_BAR_PERCENT = 140;
    uint256 private constant RETURN_BAR_PERCENT = 135;
    /// @dev Of as many single sends.
    uint256 private constant BATCH_BAR_PERCENT = 30;
    /// @dev As much as ONFT721 asks its executor for; it needs half.
    uint128 private constant ONFT_GAS = 200_000;

    /// @dev Base cost and calldata of a delivery, at most.
    uint256 private constant TRANSACTION_GAS = 150_000;

    PlainOnft[] private onfts;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i <= BASE; ++i) {
            onfts.push(new PlainOnft(address(_on(i).endpoint), address(this)));
        }
        for (uint256 i = 0; i <= BASE; ++i) {
            uint256 peer = i == HOME ? BASE : HOME;
            onfts[i].setPeer(chains[peer].lzEid, _bytes32(address(onfts[peer])));
            _useUln(address(onfts[i]), i, peer);
            _useUln(address(chains[i].layerZero), i, peer);
        }
        _openLane(BASE, Transport.LAYER_ZERO);
        _openLane(BASE, Transport.CCIP);
        // On both sides the holder keeps one token at home and one on Base, and moves a third.
        for (uint256 tokenId = 1; tokenId <= 3; ++tokenId) {
            onfts[HOME].mint(ALICE, tokenId);
        }
        _moveOnft(HOME, BASE, 1);
        _mint(ALICE, keccak256("stays at home"));
        _travel(HOME, BASE, _mint(ALICE, keccak256("stays on Base")));
    }

    /// @dev Here the delivery is a transaction, whose own cost comes out of the same gas.
    function _gasLimitOf(Mail memory mail) internal view override returns (uint256) {
        return super._gasLimitOf(mail) + TRANSACTION_GAS;
    }

    function test_mint_toAFreshHolder_staysUnderTheBar() public {
        _mint(ALICE, keccak256("earlier"));
        address fresh = makeAddr("fresh");
        _mint(fresh, keccak256("measured"));
        uint256 cost = vm.lastCallGas().gasTotalUsed;
        console.log("mint to a fresh holder", cost);
        assertLe(cost, MINT_BAR);
    }

    function test_firstArrival_besideOnft721_staysUnderTheBar() public {
        uint256 onft = _moveOnft(HOME, BASE, 2);
        uint256 work = _travel(HOME, BASE, _mint(ALICE, keccak256("measured")));
        _report("first arrival", work, onft);
        assertLe(work * 100, onft * FIRST_ARRIVAL_BAR_PERCENT);
    }

    function test_return_besideOnft721_staysUnderTheBar() public {
        uint256 workId = _mint(ALICE, keccak256("measured"));
        _moveOnft(HOME, BASE, 2);
        _travel(HOME, BASE, workId);
        _report("return home", _travel(BASE, HOME, workId), _moveOnft(BASE, HOME, 2));

        uint256 onft = _moveOnft(HOME, BASE, 2);
        uint256 work = _travel(HOME, BASE, workId);
        _report("re-arrival", work, onft);
        assertLe(work * 100, onft * RETURN_BAR_PERCENT);
    }

    /// @dev CCIP's part behind its Router is a stub here, so of `BOTH` only our own work is comparable.
    function test_bothTransports_areReported() public {
        uint256 single = _travel(HOME, BASE, _mint(ALICE, keccak256("single")));
        uint256 workId = _mint(ALICE, keccak256("measured"));
        SendRequest memory request = _request(BASE, Transport.BOTH, workId, 0, ALICE);
        (uint256 feeWei,,) = _on(HOME).gateway.quoteWorks(request);
        vm.recordLogs();
        vm.prank(ALICE);
        chains[HOME].gateway.sendWorks{value: feeWei}(request);
        uint256 cost = vm.lastCallGas().gasTotalUsed;
        Mail[2] memory mails = _postedBoth(HOME, BASE);
        for (uint256 i = 0; i < mails.length; ++i) {
            _deliver(mails[i]);
            cost += vm.lastCallGas().gasTotalUsed;
        }
        assertEq(chains[BASE].collection.ownerOf(workId), ALICE);
        console.log("both, one", cost, single);
        console.log("  percent of one", cost * 100 / single);
    }

    function test_fullBatch_besideAsManySingleSends_staysUnderTheBar() public {
        uint256 count = chains[HOME].gateway.maxWorksTo(chains[BASE].chainHash, Transport.LAYER_ZERO);
        uint256 single = _travel(HOME, BASE, _mint(ALICE, keccak256("single")));
        SendRequest memory request = _request(BASE, Transport.LAYER_ZERO, 0, 0, ALICE);
        request.works = new WorkSend[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint256 workId = _mint(ALICE, keccak256(abi.encode("batch", i)));
            request.works[i] = _request(BASE, Transport.LAYER_ZERO, workId, 0, ALICE).works[0];
        }
        uint256 batch = _travel(HOME, BASE, request);
        console.log("batch of", count, batch, single * count);
        console.log("  percent of single sends", batch * 100 / (single * count));
        assertLe(batch * 100, single * count * BATCH_BAR_PERCENT);
    }

    function _report(string memory what, uint256 work, uint256 onft) private pure {
        console.log(what, work, onft);
        console.log("  percent of ONFT721", work * 100 / onft);
    }

    /// @dev Gas of sending and executing.
    function _travel(uint256 src, uint256 dst, uint256 workId) private returns (uint256 cost) {
        uint64 hop = chains[src].collection.legOf(workId).hop;
        cost = _travel(src, dst, _request(dst, Transport.LAYER_ZERO, workId, hop, ALICE));
    }

    function _travel(uint256 src, uint256 dst, SendRequest memory request) private returns (uint256 cost) {
        (uint256 feeWei,,) = _on(src).gateway.quoteWorks(request);
        vm.recordLogs();
        vm.prank(ALICE);
        chains[src].gateway.sendWorks{value: feeWei}(request);
        cost = vm.lastCallGas().gasTotalUsed;

        Mail memory mail = _posted(src, dst);
        _verifyByLayerZero(mail);
        _executeByLayerZero(mail, _gasLimitOf(mail));
        cost += vm.lastCallGas().gasTotalUsed;
        for (uint256 i = 0; i < request.works.length; ++i) {
            assertEq(chains[dst].collection.ownerOf(request.works[i].workId), ALICE);
        }
    }

    /// @dev Gas of the same with ONFT721.
    function _moveOnft(uint256 src, uint256 dst, uint256 tokenId) private returns (uint256 cost) {
        PlainOnft onft = onfts[src];
        bytes memory options = abi.encodePacked(uint16(3), uint8(1), uint16(17), uint8(1), ONFT_GAS);
        SendParam memory param = SendParam(chains[dst].lzEid, _bytes32(ALICE), tokenId, options, "", "");
        MessagingFee memory fee = onft.quoteSend(param, false);
        _on(src);
        vm.prank(ALICE);
        MessagingReceipt memory receipt = onft.send{value: fee.nativeFee}(param, fee, ALICE);
        cost = vm.lastCallGas().gasTotalUsed;

        _on(dst);
        Origin memory origin = Origin(chains[src].lzEid, _bytes32(address(onft)), receipt.nonce);
        bytes memory message = abi.encodePacked(_bytes32(ALICE), tokenId);
        vm.prank(chains[dst].lzLibrary);
        chains[dst].endpoint.verify(origin, address(onfts[dst]), keccak256(abi.encodePacked(receipt.guid, message)));
        chains[dst].endpoint.lzReceive{gas: ONFT_GAS}(origin, address(onfts[dst]), receipt.guid, message, "");
        cost += vm.lastCallGas().gasTotalUsed;
        assertEq(onfts[dst].ownerOf(tokenId), ALICE);
    }
}
