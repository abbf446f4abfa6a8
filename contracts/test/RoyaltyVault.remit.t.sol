// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Vm} from "forge-std/Vm.sol";
import {Transport} from "../src/interfaces/IGateway.sol";
import {IRoyaltyRemitter} from "../src/interfaces/IRoyaltyRemitter.sol";
import {IRoyaltyVault, Payee, RemittedCredit, Remittance, Share} from "../src/interfaces/IRoyaltyVault.sol";
import {RoyaltyVault} from "../src/RoyaltyVault.sol";
import {MoodyToken} from "./support/HostileMoney.sol";
import {RoyaltyWorld} from "./support/RoyaltyWorld.sol";
import {TokenOnRamp} from "./support/TokenLane.sol";

contract RoyaltyVaultRemitTest is RoyaltyWorld {
    bytes32 private constant ID = keccak256("settlement 1");
    RoyaltyVault private vault;
    address private dollar;
    Payee private artistAtHome;
    Payee private claimedAtHome;

    function setUp() public override {
        super.setUp();
        vault = tills[BASE].vault;
        dollar = address(tills[BASE].dollar);
        artistAtHome = _payee(HOME, artist);
        claimedAtHome = Payee(chains[HOME].chainHash, _bytes32(CHARITY), ALICE);
        _stateSplit(BASE, _shares(vault, Share(artistAtHome, 7_500), Share(claimedAtHome, 2_500)));
        _depositDollars(BASE, 1_000);
    }

    function test_remit_overCcip_creditsThePayeesAtHome_toTheUnit() public {
        Shipment memory shipment = _remit(BASE, HOME, _both(Transport.CCIP, 750, 250));
        assertEq(vault.pooledOf(dollar), 0);
        assertEq(tills[BASE].dollar.totalSupply(), 0);
        _arriveByCcip(shipment);
        _assertCreditedAtHome(750, 250);
    }

    function test_remit_overLayerZero_creditsThePayeesAtHome_toTheUnit() public {
        Shipment memory shipment = _remit(BASE, HOME, _both(Transport.LAYER_ZERO, 750, 250));
        assertEq(vault.pooledOf(dollar), 0);
        bytes memory composed = _arriveAtOft(shipment);
        assertEq(tills[HOME].vault.pooledOf(address(tills[HOME].dollar)), 0);
        _compose(shipment, composed);
        _assertCreditedAtHome(750, 250);
    }

    function test_remit_goesBetweenMirrorsToo() public {
        _stateSole(BASE, _payee(MOONBEAM, artist));
        _depositDollars(BASE, 40);
        _arriveByCcip(_remit(BASE, MOONBEAM, _remittance(BASE, MOONBEAM, Transport.CCIP, ID, artist, 40)));
        assertEq(tills[MOONBEAM].vault.creditOf(address(tills[MOONBEAM].dollar), _payee(MOONBEAM, artist)), 40);
    }

    function test_remit_tellsItsDigest_whichIsTheSameOnBothSides() public {
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, ID, artist, 600);
        Shipment memory shipment = _remit(BASE, HOME, remittance);
        bytes32 digest = vault.remittedDigestOf(ID);
        bytes32[] memory accounts = new bytes32[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (_bytes32(artist), 600);
        bytes32 typehash = keccak256(
            "ColophonSettlementV1(bytes32 registryId,bytes32 srcChainHash,bytes32 dstChainHash,bytes message)"
        );
        assertEq(
            digest,
            keccak256(
                abi.encode(
                    typehash,
                    vault.registryId(),
                    chains[BASE].chainHash,
                    chains[HOME].chainHash,
                    keccak256(abi.encode(ID, dollar, accounts, amounts))
                )
            )
        );
        vm.recordLogs();
        _arriveByCcip(shipment);
        Vm.Log memory log = _logOf(IRoyaltyVault.SettlementCredited.selector);
        assertEq(log.topics[1], chains[BASE].chainHash);
        assertEq(log.topics[2], ID);
        assertEq(log.topics[3], digest);
        assertEq(log.data, abi.encode(tills[HOME].dollar, 600));
        assertEq(tills[HOME].vault.creditedDigestOf(chains[BASE].chainHash, ID), digest);
        assertEq(vault.creditOf(dollar, artistAtHome), 150);
    }

    /// @dev The native money that comes along bounds the fee, and what it exceeds goes back.
    function test_remit_takesTheQuotedFee_andGivesBackTheRest() public {
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, ID, artist, 600);
        _on(BASE);
        assertEq(vault.quoteRemittance(remittance), FEE_WEI);
        uint256 before = MINTER.balance;
        _remit(BASE, HOME, remittance);
        assertEq(before - MINTER.balance, FEE_WEI);
        assertEq(address(vault).balance + address(tills[BASE].remitter).balance, 0);
    }

    function test_remit_overLayerZero_takesTheQuotedFee_andGivesBackTheRest() public {
        _setLayerZeroFee(0.003 ether);
        Remittance memory remittance = _remittance(BASE, HOME, Transport.LAYER_ZERO, ID, artist, 600);
        assertEq(vault.quoteRemittance(remittance), 0.003 ether);
        uint256 before = MINTER.balance;
        _remit(BASE, HOME, remittance);
        assertEq(before - MINTER.balance, 0.003 ether);
    }

    function test_remit_RevertWhen_TheFeeIsAboveTheBound() public {
        _setLayerZeroFee(0.003 ether);
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.InsufficientFee.selector, 0.003 ether, 0.003 ether - 1));
        vm.prank(MINTER);
        vault.remit{value: 0.003 ether - 1}(_remittance(BASE, HOME, Transport.LAYER_ZERO, ID, artist, 600));
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyRemitter.InsufficientFee.selector, FEE_WEI, FEE_WEI - 1));
        vm.prank(MINTER);
        vault.remit{value: FEE_WEI - 1}(_remittance(BASE, HOME, Transport.CCIP, ID, artist, 600));
    }

    function test_remit_RevertWhen_NotSettler() public {
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, ID, artist, 600);
        address[3] memory others = [artist, GUARDIAN, ALICE];
        for (uint256 i = 0; i < others.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.Unauthorized.selector, others[i]));
            vm.prank(others[i]);
            vault.remit(remittance);
        }
        vm.deal(OWNER, 1 ether);
        _on(BASE);
        vm.prank(OWNER);
        vault.remit{value: 1 ether}(remittance);
    }

    function test_remit_RevertWhen_TheIdWasUsed() public {
        _remit(BASE, HOME, _remittance(BASE, HOME, Transport.CCIP, ID, artist, 100));
        bytes32 digest = vault.remittedDigestOf(ID);
        _expectRefusal(
            _remittance(BASE, HOME, Transport.LAYER_ZERO, ID, artist, 200),
            abi.encodeWithSelector(IRoyaltyVault.SettlementAlreadyRemitted.selector, ID, digest)
        );
        assertEq(vault.creditOf(dollar, artistAtHome), 650);
    }

    function test_remit_RevertWhen_MoreThanTheCredit() public {
        bytes32 payeeId = vault.payeeIdOf(artistAtHome);
        _expectRefusal(
            _remittance(BASE, HOME, Transport.CCIP, ID, artist, 751),
            abi.encodeWithSelector(IRoyaltyVault.InsufficientCredit.selector, payeeId, 750, 751)
        );
        _expectRefusal(_both(Transport.CCIP, 750, 0), abi.encodeWithSelector(IRoyaltyVault.AmountIsZero.selector));
        Remittance memory empty = _remittance(BASE, HOME, Transport.CCIP, ID, artist, 1);
        empty.credits = new RemittedCredit[](0);
        _expectRefusal(empty, abi.encodeWithSelector(IRoyaltyVault.AmountIsZero.selector));
    }

    function test_remit_RevertWhen_NoRoute_andTheCreditStays() public {
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, ID, artist, 600);
        remittance.token = NATIVE;
        _expectRefusal(remittance, abi.encodeWithSelector(IRoyaltyVault.NativeHasNoRoute.selector));

        MoodyToken other = new MoodyToken();
        other.mint(address(this), 600);
        other.approve(address(vault), 600);
        _stateSole(BASE, artistAtHome);
        vault.deposit(address(other), 600);
        remittance.token = address(other);
        _expectRefusal(remittance, abi.encodeWithSelector(TokenOnRamp.UnsupportedToken.selector, other));
        remittance.transport = Transport.LAYER_ZERO;
        _expectRouteUnknown(remittance);
        remittance.transport = Transport.NONE;
        _expectRouteUnknown(remittance);
        assertEq(vault.creditOf(address(other), artistAtHome), 600);
    }

    function test_remit_RevertWhen_TheDestinationIsNoPeer() public {
        bytes32 solana = keccak256("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp");
        _stateSole(BASE, Payee(solana, _bytes32(artist), ALICE));
        _depositDollars(BASE, 10);
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, ID, artist, 10);
        remittance.dstChainHash = solana;
        remittance.credits[0].claimant = ALICE;
        _expectRouteUnknown(remittance);
    }

    /// @dev A token that loses money on its way to the remitter must not take what lies there for others.
    function test_remit_RevertWhen_TheTokenChargesForTransfers() public {
        MoodyToken other = new MoodyToken();
        other.mint(address(this), 1_000);
        other.approve(address(vault), 1_000);
        _stateSole(BASE, artistAtHome);
        vault.deposit(address(other), 1_000);
        Remittance memory remittance = _remittance(BASE, HOME, Transport.CCIP, ID, artist, 600);
        remittance.token = address(other);
        other.setMood(MoodyToken.Mood.FEE_FROM_RECEIVER);
        _expectRefusal(remittance, abi.encodeWithSelector(IRoyaltyVault.UnexpectedDebit.selector, other, 600, 594));
        other.setMood(MoodyToken.Mood.FEE_FROM_SENDER);
        _expectRefusal(remittance, abi.encodeWithSelector(IRoyaltyVault.UnexpectedDebit.selector, other, 600, 606));
    }

    function test_creditSettlement_RevertWhen_NotRemitter() public {
        vm.expectRevert(abi.encodeWithSelector(IRoyaltyVault.Unauthorized.selector, OWNER));
        vm.prank(OWNER);
        vault.creditSettlement(chains[HOME].chainHash, dollar, 1, "");
    }

    function _both(
        Transport transport,
        uint256 ofArtist,
        uint256 ofCharity
    ) private view returns (Remittance memory remittance) {
        remittance = _remittance(BASE, HOME, transport, ID, artist, 1);
        remittance.credits = new RemittedCredit[](2);
        remittance.credits[0] = RemittedCredit(_bytes32(artist), address(0), ofArtist);
        remittance.credits[1] = RemittedCredit(_bytes32(CHARITY), ALICE, ofCharity);
    }

    function _assertCreditedAtHome(uint256 ofArtist, uint256 ofCharity) private view {
        RoyaltyVault home = tills[HOME].vault;
        address token = address(tills[HOME].dollar);
        assertEq(home.creditOf(token, _payee(HOME, artist)), ofArtist);
        assertEq(home.creditOf(token, _payee(HOME, CHARITY)), ofCharity);
        assertEq(home.pooledOf(token), ofArtist + ofCharity);
        assertEq(tills[HOME].dollar.balanceOf(address(home)), ofArtist + ofCharity);
        assertEq(tills[HOME].dollar.totalSupply(), ofArtist + ofCharity);
    }

    function _expectRefusal(Remittance memory remittance, bytes memory reason) private {
        _on(BASE);
        vm.expectRevert(reason);
        vm.prank(MINTER);
        vault.remit{value: 1 ether}(remittance);
    }

    function _expectRouteUnknown(Remittance memory remittance) private {
        _expectRefusal(
            remittance,
            abi.encodeWithSelector(
                IRoyaltyRemitter.RouteUnknown.selector, remittance.dstChainHash, remittance.transport, remittance.token
            )
        );
    }

    function _setLayerZeroFee(uint256 feeWei) private {
        (bool set,) = _on(BASE).lzLibrary.call(abi.encodeWithSignature("setMessagingFee(uint256,uint256)", feeWei, 0));
        assertTrue(set);
    }
}
