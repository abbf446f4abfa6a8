// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What is offered, and for what. An offer is never changed, only withdrawn, so a buyer gets what it read.
/// @param templateHash keccak256 of the licence text; a template of this book.
/// @param currency ERC-20 on this chain in which the price is, zero for native money.
/// @param price In base units of the currency; may be zero.
/// @param termSeconds How long a grant lasts; zero for ever.
/// @param closesAt Unix time in seconds from which the offer is no longer taken; zero if it stays.
/// @param transferable Whether the holder of a grant may pass it on.
/// @param revocable Whether the terms let the licensor revoke.
/// @param workIds The works that are licensed, at most {ILicenceBook-MAX_WORKS}; empty for the whole project.
struct Offer {
    bytes32 templateHash;
    address currency;
    uint256 price;
    uint32 termSeconds;
    uint64 closesAt;
    bool transferable;
    bool revocable;
    uint256[] workIds;
}

/// @notice A licence that somebody has. This is also what a `LICENCE` statement says: abi.encode(Grant).
/// @param issuerChainHash Chain on which it was bought. Only there it is transferred and revoked.
/// @param templateHash See {Offer}.
/// @param holder Who is licensed.
/// @param serial Number of the grant on its issuing chain, from 1.
/// @param revision 1 when issued; each change raises it by one.
/// @param grantedAt Unix time in seconds.
/// @param expiresAt Unix time in seconds from which it is over; zero if never.
/// @param transferable See {Offer}.
/// @param revocable See {Offer}.
/// @param revoked Whether the licensor took it back.
/// @param workIds See {Offer}.
struct Grant {
    bytes32 issuerChainHash;
    bytes32 templateHash;
    address holder;
    uint64 serial;
    uint64 revision;
    uint64 grantedAt;
    uint64 expiresAt;
    bool transferable;
    bool revocable;
    bool revoked;
    uint256[] workIds;
}

/// @title The licences of one registry on one chain.
/// @notice Licences are bought on any chain at that chain's price and hold on all: the Gateway carries grants from the
/// chain that issued them to home, and from home to the mirrors. The issuing chain alone changes a grant, so its
/// revisions have one order, and what arrives late or twice changes nothing. Money goes straight to the registry's
/// royalty receiver; none stays here. The policy role of the Collection sets terms.
interface ILicenceBook {
    /// @notice A licence text may now be offered.
    event TemplateAdded(bytes32 indexed templateHash, string uri);

    /// @notice A licence is for sale.
    event LicenceOffered(uint256 indexed offerId, bytes32 indexed templateHash, Offer offer);

    /// @notice An offer is no longer taken; grants bought under it stay.
    event OfferWithdrawn(uint256 indexed offerId);

    /// @notice Somebody bought a licence for `holder` and the price arrived at the receiver.
    event LicenceBought(
        bytes32 indexed grantId, uint256 indexed offerId, address indexed holder, address buyer, Grant grant
    );

    /// @notice A grant has another holder.
    event LicenceTransferred(bytes32 indexed grantId, address indexed from, address indexed to, uint64 revision);

    /// @notice A grant was taken back by its terms. `reasonHash` is the keccak256 of the reason's document.
    event LicenceRevoked(bytes32 indexed grantId, address indexed holder, bytes32 reasonHash, uint64 revision);

    /// @notice A grant that another chain issued is as that chain stated it.
    event GrantApplied(bytes32 indexed grantId, address indexed holder, uint64 revision, Grant grant);

    /// @notice The caller has not the role that this needs.
    error LicenceUnauthorized(address caller);

    /// @notice A template needs a hash and a URI.
    error TemplateInvalid(bytes32 templateHash);

    /// @notice The text is in the book already; what it is found under does not change.
    error TemplateExists(bytes32 templateHash);

    /// @notice The text is not in the book.
    error TemplateUnknown(bytes32 templateHash);

    /// @notice The currency is no contract on this chain.
    error CurrencyInvalid(address currency);

    /// @notice More works than one statement could carry.
    error TooManyWorks(uint256 limit, uint256 count);

    /// @notice The offer closes before it could be taken.
    error OfferClosesInThePast(uint64 closesAt);

    /// @notice There is no such offer.
    error OfferUnknown(uint256 offerId);

    /// @notice The offer is no longer taken: withdrawn, or since `closesAt`.
    error OfferClosed(uint256 offerId, uint64 closesAt);

    /// @notice Not exactly the price: the money sent along, or what reached the receiver, is more or less.
    error WrongPayment(uint256 price, uint256 paid);

    /// @notice The receiver does not take native money.
    error PaymentRefused(address receiver, uint256 amountWei);

    /// @notice Nobody can be licensed under this account.
    error HolderInvalid(address holder);

    /// @notice There is no such grant here.
    error GrantUnknown(bytes32 grantId);

    /// @notice Only the chain that issued a grant changes it.
    error GrantIssuedElsewhere(bytes32 grantId, bytes32 issuerChainHash);

    /// @notice The terms do not let the holder pass the grant on.
    error GrantNotTransferable(bytes32 grantId);

    /// @notice The terms do not let the licensor revoke.
    error GrantNotRevocable(bytes32 grantId);

    /// @notice The grant is over: expired at `expiresAt`, or revoked.
    error GrantOver(bytes32 grantId, uint64 expiresAt);

    /// @notice Grants travel from their issuing chain to home, and from home to the mirrors that did not issue them.
    error WrongGrantRoute(bytes32 issuerChainHash, bytes32 srcChainHash, bytes32 dstChainHash);

    /// @notice Policy role only: makes a licence text known here.
    /// @param templateHash keccak256 of the text's bytes.
    /// @param uri Where the text is.
    function addTemplate(bytes32 templateHash, string calldata uri) external;

    /// @notice Policy role only: puts a licence up for sale on this chain.
    function offer(Offer calldata terms) external returns (uint256 offerId);

    /// @notice Policy role only: ends an offer. Doing it twice changes nothing.
    function withdrawOffer(uint256 offerId) external;

    /// @notice Buys a licence for `holder`. Native: exactly the price is sent along. ERC-20: exactly the price,
    /// which the caller has approved to this contract, must reach the receiver.
    function buy(uint256 offerId, address holder) external payable returns (bytes32 grantId);

    /// @notice Holder only, on the issuing chain, if the terms allow it.
    function transfer(bytes32 grantId, address to) external;

    /// @notice Policy role only, on the issuing chain, if the terms allow it.
    /// @param reasonHash keccak256 of the document that states the reason.
    function revoke(bytes32 grantId, bytes32 reasonHash) external;

    /// @notice Gateway only: takes over a grant as its issuing chain stated it. An older revision changes nothing.
    function applyGrant(bytes32 srcChainHash, Grant calldata grant) external;

    /// @notice What a statement to `dstChainHash` says of a grant. Reverts if it has nothing to learn from here.
    function statementOf(bytes32 grantId, bytes32 dstChainHash) external view returns (Grant memory);

    /// @notice Whether an account is licensed now, for one work, under a licence text.
    /// @dev Reads all grants that the account holds under that text. A contract that must bound its gas asks {covers}.
    function isLicensed(uint256 workId, address account, bytes32 templateHash) external view returns (bool);

    /// @notice Whether this grant licenses an account for a work now.
    function covers(bytes32 grantId, uint256 workId, address account) external view returns (bool);

    /// @notice A grant as it is known here. Reverts with {GrantUnknown}.
    function grantOf(bytes32 grantId) external view returns (Grant memory);

    /// @notice The grants that an account holds under a licence text, expired ones included, in no order.
    function grantsOf(address account, bytes32 templateHash) external view returns (bytes32[] memory);

    /// @notice An offer. Reverts with {OfferUnknown}.
    function offerOf(uint256 offerId) external view returns (Offer memory);

    /// @notice Whether an offer can be taken now.
    function isOpen(uint256 offerId) external view returns (bool);

    /// @notice Where a licence text is; empty if it is not in the book.
    function uriOf(bytes32 templateHash) external view returns (string memory);

    /// @notice The name of a grant on every chain: keccak256(abi.encode(registryId, issuerChainHash, serial)).
    function grantIdOf(bytes32 issuerChainHash, uint64 serial) external view returns (bytes32);

    /// @notice The registry's Collection here, whose policy role sets terms and whose Gateway carries grants.
    function collection() external view returns (address);

    /// @notice Who gets the money: the registry's royalty receiver here, or the manifest's while it has none.
    function receiver() external view returns (address);

    /// @notice Works that one offer may name.
    function MAX_WORKS() external view returns (uint256);
}
